/* One turn: a question and its answer, built from the value that Python's render made.

   What is known only at the end of an answer stands below its text, so that nothing moves. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, setText, words } = page;

  /* ask({ question, search_query, replaces }) asks again in the place of this turn. */
  page.buildTurn = (view, ask) => {
    const turn = { view, ask };
    const slots = {
      byline: make("p", { class: "byline" }),
      limited: make("p", { class: "limited", hidden: true }),
      body: make("div", { class: "answer-body" }),
      status: make("p", { class: "status", hidden: true }),
      notice: make("div", { class: "notice", hidden: true }),
      error: make("div", { class: "error", role: "alert", hidden: true }),
      summary: make("p", { class: "summary", hidden: true }),
      corrections: make("ul", { class: "corrections", hidden: true }),
    };
    slots.notice.append(icon("notice"), make("p"));
    slots.error.append(icon("unsupported"), make("p"));
    slots.summary.append(make("span", { class: "summary-mark" }), make("span"));
    turn.slots = slots;
    turn.parts = [
      page.buildQuery(turn),
      page.buildRefusal(turn),
      page.buildSources(turn),
      page.buildActions(turn),
      page.buildNext(turn),
    ];
    const foot = turn.parts.flatMap((part) => part.nodes);
    const answer = make("div", { class: "answer" }, ...Object.values(slots), ...foot);
    turn.question = page.buildQuestion(turn);
    turn.node = make("article", { class: "turn", "data-turn": view.id, tabindex: "-1" });
    turn.node.append(turn.question.node, answer);
    turn.update = (next) => update(turn, next);
    answer.addEventListener("click", (event) => onClick(turn, event));
    turn.update(view);
    if (view.state === "waiting") countSeconds(turn);
    return turn;
  };

  /* A slow model is not a dead one: until its first word the seconds go on. */
  function countSeconds(turn) {
    const began = Date.now();
    const timer = setInterval(() => {
      if (turn.view.state !== "waiting") return clearInterval(timer);
      const seconds = Math.round((Date.now() - began) / 1000);
      turn.slots.byline.dataset.waited = words("waited", { seconds });
    }, 1000);
  }

  function update(turn, view) {
    turn.view = view;
    const { slots, node } = turn;
    node.dataset.state = view.state;
    node.classList.toggle("refused", view.refused);
    node.setAttribute("aria-busy", String(page.isRunning(view)));
    turn.question.update(view);
    if (view.state !== "waiting") delete slots.byline.dataset.waited;
    updateByline(slots.byline, view);
    show(slots.limited, page.limitedTo(view.documents));
    page.updateBody(slots.body, turn);
    show(slots.status, view.state === "stopped" ? view.status : "");
    show(slots.notice, view.notice, slots.notice.lastChild);
    show(slots.error, view.error, slots.error.lastChild);
    const { text = "", level = "" } = view.summary || {};
    show(slots.summary, text, slots.summary.lastChild);
    if (slots.summary.dataset.level !== level) {
      slots.summary.dataset.level = level;
      const marks = { good: "supported", bad: "unsupported" };
      slots.summary.firstChild.replaceChildren(...(level ? [icon(marks[level] || level)] : []));
    }
    slots.corrections.hidden = page.isRunning(view) || !view.corrections.length;
    page.keyed(slots.corrections, view.corrections, (one) => page.buildCorrection(turn, one), () => {});
    for (const part of turn.parts) part.update(view);
    page.markRemoved(turn.node, view);
  }

  page.isRunning = (view) => view.state === "waiting" || view.state === "streaming";

  function show(slot, text, target = slot) {
    slot.hidden = !text;
    setText(target, text || "");
  }

  /* Always one line: who answers, or what is going on. */
  function updateByline(line, view) {
    let text = view.byline;
    if (page.isRunning(view)) text = view.status;
    if (view.refused) text = words("refusal_title");
    if (line.textContent === text) return;
    line.replaceChildren(...(view.refused ? [icon("none")] : []), text);
  }

  function onClick(turn, event) {
    const marker = event.target.closest("button[data-marker]");
    const passage = event.target.closest("[data-passage]");
    if (!marker && !passage) return;
    const target = marker
      ? page.cited(turn.view, marker.dataset.marker)
      : turn.view[passage.dataset.list][Number(passage.dataset.passage)];
    if (!target) return;
    page.emit("active", turn.view);
    // A click that no pointer made came from the keyboard, which the focus then follows.
    page.emit("show", { target, focus: event.detail === 0 });
    // Where the source opens below, what was clicked stays in sight above it.
    requestAnimationFrame(() => (marker || passage).scrollIntoView({ block: "nearest" }));
  }
})();
