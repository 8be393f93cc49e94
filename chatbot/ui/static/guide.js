/* The guide above a document: what it is about, what it names, and what may be asked of it. It is
   fetched when it is unfolded, so that the document itself waits for nothing. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, setText, words } = page;
  const NAMED = ["guide_names", "guide_dates", "guide_numbers"];

  /* `show(index)` brings a sentence into view. */
  page.buildGuide = (show) => {
    let id = null; // of the document
    let filled = null; // the document whose guide is here
    const body = make("div", { class: "guide-body", "aria-live": "polite" });
    const title = make("summary", {}, words("guide"));
    const node = make("details", { class: "guide", hidden: true, ontoggle: fill }, title, body);
    const button = (text, onclick) => make("button", { type: "button", onclick }, text);

    async function fill() {
      const wanted = id;
      if (!node.open || !wanted || filled === wanted) return;
      setText(body, words("guide_loading"));
      const asked = fetch(`api/documents/${wanted}/guide`).then((one) => (one.ok ? one.json() : null));
      const guide = await asked.catch(() => null);
      if (id !== wanted) return;
      filled = guide && wanted;
      if (guide) body.replaceChildren(...parts(guide));
      else setText(body, words("guide_failed"));
    }
    function parts(guide) {
      const places = (name) => {
        const items = guide[name.replace("guide_", "")];
        return part(name, items.map((one) => button(one.text, () => show(one.sentence_index))));
      };
      const ask = (question) => page.emit("question", { question, documents: [guide.document_id] });
      const questions = guide.questions.map((one) => button(one, () => ask(one)));
      const asking = part("guide_questions", questions);
      return [places("guide_overview"), asking, ...NAMED.map(places)].flat();
    }
    function part(name, buttons) {
      if (!buttons.length) return [];
      const list = make("ul", { class: name.replace("_", "-") });
      list.append(...buttons.map((one) => make("li", {}, one)));
      return [make("h3", {}, words(name)), list];
    }
    /* Stand above another document, or, without one, not at all. */
    const update = (document, unfolded = false) => {
      id = document;
      node.hidden = !id;
      node.open = Boolean(id) && unfolded;
      fill();
    };
    return { node, update };
  };
})();
