/* Below an answer: what it cites, what was read besides, what it took; below a refusal: what came
   closest, and what can be asked instead. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, setText, words } = page;
  const MOST_NAMED = 5;

  page.buildSources = (turn) => {
    const cited = make("ul", { class: "sources", "aria-label": words("sources"), hidden: true });
    const read = disclosure("also-read");
    const took = disclosure("took");
    const toggles = make("div", { class: "toggles", hidden: true }, read.button, took.button);
    const printed = make("ol", { class: "print-only printed-sources", "aria-hidden": "true" });
    let shown = null;
    const update = (view) => {
      const told = JSON.stringify([view.citations, view.also_read, view.usage]);
      if (told === shown || page.isRunning(view)) return;
      shown = told;
      cited.hidden = !view.citations.length;
      cited.replaceChildren(...byDocument(view.citations).map((one) => citedRow(one, turn)));
      printed.replaceChildren(...view.citations.map(printedRow));
      updateRead(read, view);
      updateTook(took, view);
      toggles.hidden = read.button.hidden && took.button.hidden;
    };
    return { nodes: [cited, printed, toggles, read.panel, took.panel], update };
  };

  function byDocument(citations) {
    const found = new Map();
    for (const one of citations) {
      if (!found.has(one.document)) found.set(one.document, []);
      found.get(one.document).push(one);
    }
    return [...found.values()];
  }

  /* A number that leads to its sentence. */
  function buildChip(turn, one) {
    const chip = make("button", { type: "button", class: "marker", "data-marker": one.marker });
    chip.append(String(one.marker));
    chip.setAttribute("aria-label", one.label);
    page.setCard(chip, () => {
      const known = page.cited(turn.view, one.marker);
      return known ? page.sourceCard(known) : [];
    });
    return chip;
  }

  /* What the source says where a statement is not supported. */
  page.buildCorrection = (turn, one) => {
    const label = words("marker_label", one);
    const said = make("q", {}, one.text);
    return make("li", {}, words("source_says") + " ", said, " ", buildChip(turn, { ...one, label }));
  };

  function citedRow(citations, turn) {
    const chips = citations.map((one) => buildChip(turn, one));
    return make("li", {}, ...chips.flatMap((chip) => [chip, " "]), citations[0].title);
  }

  function printedRow(one) {
    return make("li", { value: one.marker }, "“" + one.text + "” ", make("i", {}, one.place));
  }

  /* A button and what it unfolds. */
  function disclosure(name) {
    const panel = make("div", { class: "unfolded " + name, hidden: true });
    const button = make("button", { type: "button", class: "toggle", "aria-expanded": "false" });
    button.addEventListener("click", () => {
      panel.hidden = !panel.hidden;
      button.setAttribute("aria-expanded", String(!panel.hidden));
      if (!panel.hidden) panel.scrollIntoView({ block: "nearest", behavior: page.motion() });
    });
    return { button, panel };
  }

  function updateRead({ button, panel }, view) {
    button.hidden = !view.also_read.length;
    if (button.hidden) panel.hidden = true;
    setText(button, page.counted("also_read", view.also_read.length));
    const note = make("p", { class: "note" }, words("also_read_note"));
    panel.replaceChildren(note, passages(view.also_read, "also_read"));
    const titles = notRead(view);
    if (titles) panel.append(make("p", { class: "note" }, words("not_read", { titles })));
  }

  function notRead(view) {
    const read = new Set([...view.citations, ...view.also_read].map((one) => one.document));
    const rest = (page.shelf || []).filter((one) => !read.has(one.id)).map((one) => one.title);
    const more = rest.length > MOST_NAMED ? " …" : "";
    return rest.slice(0, MOST_NAMED).join(" · ") + more;
  }

  function updateTook({ button, panel }, view) {
    const { line = "", rows = [] } = view.usage || {};
    button.hidden = !line;
    setText(button, line);
    const cells = ([name, value]) => [make("dt", {}, name), make("dd", {}, value)];
    panel.replaceChildren(make("dl", {}, ...rows.flatMap(cells)));
  }

  function passages(list, name) {
    const items = list.map((passage, number) => {
      const button = make("button", { type: "button", "aria-label": passage.label });
      button.dataset.passage = number;
      button.dataset.list = name;
      button.append(make("span", { class: "passage-text" }, passage.text));
      if (passage.place) button.append(make("span", { class: "passage-place" }, passage.place));
      return make("li", {}, button);
    });
    return make("ul", { class: "passages" }, ...items);
  }

  page.buildRefusal = (turn) => {
    const node = make("div", { class: "instead", hidden: true });
    const update = (view) => {
      const nothing = !view.refused || (!view.closest.length && !view.questions.length);
      node.hidden = nothing;
      if (nothing || node.firstChild) return;
      if (view.closest.length) {
        node.append(make("h3", {}, words("closest")));
        node.append(make("p", { class: "note" }, words("closest_note")));
        node.append(passages(view.closest, "closest"));
      }
      if (view.questions.length) {
        node.append(make("h3", {}, words("instead")), page.questionList(view.questions, turn.ask));
      }
    };
    return { nodes: [node], update };
  };

  /* Where the program asks back, what it offers to choose from; else what may be asked next. */
  page.buildNext = (turn) => {
    const node = make("div", { class: "next", hidden: true });
    const update = ({ choices, questions, refused }) => {
      node.hidden = !choices.length && (refused || !questions.length);
      if (node.hidden || node.firstChild) return;
      node.classList.toggle("choices", choices.length > 0);
      const title = make("h3", {}, words(choices.length ? "choices" : "next_questions"));
      const labels = choices.map((one) => one.label);
      const asked = choices.map((one) => one.question);
      const list = choices.length
        ? page.questionList(asked, turn.ask, { labels, "aria-label": words("choices") })
        : page.questionList(questions, turn.ask);
      node.append(title, list);
    };
    return { nodes: [node], update };
  };
})();
