/* One turn: a question and its answer, built from the value that Python's render made. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, keyed, setText, words } = page;

  page.buildTurn = (view) => {
    const slots = {
      searched: make("p", { class: "searched", hidden: true }),
      status: make("p", { class: "status", hidden: true }),
      notice: make("div", { class: "notice", hidden: true }),
      refusal: make("p", { class: "refusal-title", hidden: true }),
      body: make("div", { class: "answer-body" }),
      error: make("div", { class: "error", role: "alert", hidden: true }),
      summary: make("p", { class: "summary", hidden: true }),
      closest: make("div", { class: "closest", hidden: true }),
    };
    slots.notice.append(icon("notice"), make("p"));
    slots.error.append(icon("unsupported"), make("p"));
    slots.refusal.append(icon("none"), words("refusal_title"));
    const answer = make("div", { class: "answer" }, ...Object.values(slots));
    const question = make("h2", { class: "question" });
    const node = make("article", { class: "turn", "data-turn": view.id }, question, answer);
    const turn = { node, slots, question, view: null };
    turn.update = (next) => update(turn, next);
    answer.addEventListener("click", (event) => onClick(turn, event));
    return turn;
  };

  function update(turn, view) {
    turn.view = view;
    const { slots, node } = turn;
    setText(turn.question, view.question);
    node.dataset.state = view.state;
    node.classList.toggle("refused", view.refused);
    node.setAttribute("aria-busy", String(view.state === "waiting" || view.state === "streaming"));
    show(slots.searched, view.searched && words("searched_label") + ": " + view.searched);
    show(slots.status, view.state === "streaming" ? "" : view.status);
    show(slots.notice, view.notice, slots.notice.lastChild);
    show(slots.error, view.error, slots.error.lastChild);
    slots.refusal.hidden = !view.refused;
    updateBody(turn);
    show(slots.summary, view.summary ? view.summary.text : "");
    slots.summary.dataset.level = view.summary ? view.summary.level : "";
    updateClosest(slots.closest, view.closest);
  }

  function show(slot, text, target = slot) {
    slot.hidden = !text;
    setText(target, text || "");
  }

  const TAGS = { paragraph: "p", heading: "h3", code: "pre", bullet: "li", number: "li" };
  const LISTS = { bullet: "ul", number: "ol" };

  /* Items that follow one another stand in one list, named after the first of them. */
  function groups(blocks) {
    const found = [];
    for (const block of blocks) {
      const last = found[found.length - 1];
      const list = LISTS[block.kind];
      if (list && last && last.list === list) last.blocks.push(block);
      else found.push({ key: (list || "") + block.key, list, blocks: [block] });
    }
    return found;
  }

  function updateBody(turn) {
    const fill = (node, block) => updateParts(turn, node, block);
    const create = (block) => make(TAGS[block.kind]);
    keyed(
      turn.slots.body,
      groups(turn.view.blocks),
      (group) => (group.list ? make(group.list) : create(group.blocks[0])),
      (node, group) =>
        group.list ? keyed(node, group.blocks, create, fill) : fill(node, group.blocks[0]),
    );
    // A citation that came after its marker is news for the marker alone.
    const known = new Map(turn.view.citations.map((citation) => [citation.marker, citation]));
    for (const marker of turn.slots.body.querySelectorAll("button.marker")) {
      const citation = known.get(Number(marker.dataset.marker));
      if (!citation || marker.title) continue;
      marker.title = citation.place + "\n" + citation.text;
      if (!marker.hasAttribute("aria-label")) marker.setAttribute("aria-label", citation.label);
    }
  }

  function updateParts(turn, node, block) {
    keyed(node, block.parts, createPart, updatePart);
  }

  function createPart(part) {
    if (part.kind === "text") return make(part.style.includes("code") ? "code" : "span");
    if (part.kind === "verdict") {
      return make("span", { class: "verdict verdict-" + part.verdict, role: "img" });
    }
    return make("button", { type: "button", "data-marker": part.marker });
  }

  function updatePart(node, part) {
    if (part.kind === "text") {
      setText(node, part.text);
      node.className = part.style.concat(part.verdict ? ["claim-" + part.verdict] : []).join(" ");
    } else if (part.kind === "verdict") {
      node.replaceChildren(icon(part.verdict));
      node.title = part.title;
      node.setAttribute("aria-label", part.title);
    } else {
      node.className = "marker marker-" + part.state;
      setText(node, String(part.marker));
      node.disabled = part.state === "pending" || part.state === "unknown";
      if (part.state === "unknown") node.title = part.label;
      if (part.label) node.setAttribute("aria-label", part.label);
    }
  }

  function updateClosest(slot, passages) {
    slot.hidden = passages.length === 0;
    if (slot.hidden || slot.firstChild) return;
    const list = make("ul");
    passages.forEach((passage, number) => {
      const text = make("span", { class: "passage-text" }, passage.text);
      const place = make("span", { class: "passage-place" }, passage.place);
      const label = { type: "button", "data-closest": number, "aria-label": passage.label };
      list.append(make("li", {}, make("button", label, text, place)));
    });
    const note = make("p", { class: "closest-note" }, words("closest_note"));
    slot.append(make("h3", {}, words("closest")), note, list);
  }

  function onClick(turn, event) {
    const marker = event.target.closest("button.marker");
    const passage = event.target.closest("[data-closest]");
    if (!marker && !passage) return;
    const target = marker
      ? turn.view.citations.find((one) => one.marker === Number(marker.dataset.marker))
      : turn.view.closest[Number(passage.dataset.closest)];
    if (!target) return;
    page.emit("active", turn.view);
    // A click that no pointer made came from the keyboard, which the focus then follows.
    page.emit("show", { target, focus: event.detail === 0 });
    // Where the source opens below, what was clicked stays in sight above it.
    requestAnimationFrame(() => (marker || passage).scrollIntoView({ block: "nearest" }));
  }
})();
