/* The guide above a document: what it is about, what it names, and what may be asked of it. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;

  /* `show(index)` brings a sentence into view. */
  page.buildGuide = (show) => {
    const body = make("div", { class: "guide-body" });
    const title = make("summary", {}, words("guide"));
    const node = make("details", { class: "guide", hidden: true }, title, body);
    const button = (text, onclick) => make("button", { type: "button", onclick }, text);

    const part = (name, items) => {
      if (!items.length) return [];
      const list = items.map((one) => make("li", {}, one));
      return [make("h3", {}, words(name)), make("ul", { class: name.replace("_", "-") }, ...list)];
    };
    const places = (items) => items.map((one) => button(one.text, () => show(one.sentence)));

    const update = (guide) => {
      node.hidden = !guide;
      node.open = false;
      if (!guide) return;
      body.replaceChildren(
        ...part("guide_overview", places(guide.overview)),
        ...part("guide_names", places(guide.names)),
        ...part("guide_dates", places(guide.dates)),
        ...part("guide_numbers", places(guide.numbers)),
        ...part(
          "guide_questions",
          guide.questions.map((one) => button(one, () => page.emit("question", { question: one }))),
        ),
      );
    };
    return { node, update };
  };
})();
