/* The source pane: one document as readable text, or as its pages look where it has pages, with the
   sentences an answer rests on lit up. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, setText, words } = page;
  const MOST_AHEAD = 3; // documents

  page.source = ({ element }) => {
    const known = new Map(); // documents that were opened, by id
    const sought = new Set(); // documents that are on their way
    let current = null; // what is shown: { id, node(index), isLong }
    let wanted = null; // what to show once its document is here

    const title = make("h2", { class: "source-title" });
    const facts = make("p", { class: "source-facts" });
    const close = page.iconButton("close", words("back"), page.closePanel, "close");
    const turn = make("button", { type: "button", class: "plain source-switch", hidden: true });
    const head = make("header", { class: "source-head" }, make("div", {}, title, facts, turn), close);
    const text = make("div", { class: "source-text", tabindex: "0", role: "region" });
    text.setAttribute("aria-label", words("source_text"));
    const pages = page.buildPages();
    const lights = page.buildLights(text, pages);
    const pane = make("section", { class: "source", "aria-label": words("source") });
    pane.dataset.layer = "source";
    const guide = page.buildGuide((index) => bring(index, { focus: true, quiet: false }));
    pane.append(head, guide.node, text, pages.node, lights.node);
    element.firstElementChild.append(pane);

    let prefersText = false; // chosen by hand, for all documents
    let last = null; // the sentence of the document that was last looked for
    turn.addEventListener("click", () => {
      prefersText = !pages.node.hidden;
      look(!prefersText);
      if (last !== null) bring(last, { focus: false, quiet: true });
    });
    /* Show the pages or the text. */
    function look(asPages) {
      pages.node.hidden = !asPages;
      text.hidden = asPages;
      setText(turn, words(asPages ? "source_as_text" : "source_as_pages"));
    }

    async function seek(id) {
      sought.add(id);
      const view = { id, ...(await page.api("GET", `page/documents/${encodeURIComponent(id)}`)) };
      sought.delete(id);
      if (!view.error) known.set(id, view);
      // Only what was asked for last is shown, in whatever order the documents arrive.
      if (!wanted || wanted.target.document !== id) return;
      if (view.error) failed(view);
      else render(view);
    }

    function open(id, request = null) {
      wanted = request;
      if (current && current.id === id && !current.failed) return arrive();
      if (known.has(id)) return render(known.get(id));
      wanted = request || { target: { document: id } };
      if (!current) setText(text, words("source_loading"));
      seek(id);
    }

    function render(view) {
      setText(title, view.title);
      setText(facts, [view.source, ...view.warnings].filter(Boolean).join(" · "));
      guide.update(view.id, Boolean(wanted && wanted.guide));
      current = page.readInto(text, view, wanted ? wanted.target.sentence : 0);
      last = null;
      text.scrollTop = 0;
      openPages(view);
      lights.read(current);
      arrive();
      page.emit("reading", view.id);
    }

    /* `current.paged` tells whether there are pages, once that is known; null where there are none. */
    function openPages(view) {
      const mine = current;
      const opened = pages.open(view);
      mine.paged = view.paged
        ? opened.then((there) => {
            if (current !== mine) return false;
            turn.hidden = !there;
            look(there && !prefersText);
            if (there) lights.read(mine);
            return there;
          })
        : null;
      turn.hidden = true;
      look(Boolean(view.paged) && !prefersText);
    }

    function failed(view) {
      const quote = wanted && wanted.target.text;
      const message = make("p", { class: "source-error" }, view.error);
      text.replaceChildren(message);
      if (quote && view.status === 404) {
        text.append(make("p", { class: "source-error" }, words("source_removed")));
        text.append(make("blockquote", {}, quote));
      }
      setText(title, words("source"));
      setText(facts, "");
      guide.update(null);
      current = { id: view.id, node: () => null, isLong: false, failed: true };
      openPages(view);
      lights.read(current);
      wanted = null;
    }

    function arrive() {
      const request = wanted;
      wanted = null;
      if (!request || request.target.sentence === undefined) return;
      last = request.target.sentence;
      bring(last, request);
    }

    async function bring(index, request) {
      const mine = current;
      if (!prefersText && mine.paged && (await mine.paged)) {
        if (current === mine) look(true);
        if (current !== mine || (await pages.reveal(index, request))) return;
        look(false); // it is not drawn on a page: the name of the author, for example
      }
      const sentence = current === mine ? mine.node(index) : null;
      if (sentence) reveal(sentence, request);
    }

    function reveal(sentence, { focus, quiet }) {
      bringIntoView(sentence);
      if (quiet) return;
      page.flash(sentence);
      if (!focus) return;
      sentence.tabIndex = -1;
      sentence.focus({ preventScroll: true, focusVisible: true });
    }

    /* In a long document the heights above are guesses until they are seen: go there at once, and
       again until it stands still. */
    function bringIntoView(sentence, tries = 6) {
      const long = current.isLong;
      sentence.scrollIntoView({ behavior: long ? "auto" : page.motion(), block: "center" });
      if (!long || tries === 0) return;
      const before = text.scrollTop;
      requestAnimationFrame(() => {
        const { top, bottom } = sentence.getBoundingClientRect();
        const frame = text.getBoundingClientRect();
        const seen = top >= frame.top && bottom <= frame.bottom;
        if (!seen || text.scrollTop !== before) bringIntoView(sentence, tries - 1);
      });
    }

    page.on("show", ({ target, focus = false, quiet = false }) => {
      if (!quiet && page.isWide()) page.closePanel();
      else if (!quiet) page.openPanel("source");
      open(target.document, { target, focus, quiet });
    });
    /* What an answer cites is likely to be opened next: fetch it before that. */
    page.on("cited", (citations) => {
      const ids = new Set(citations.map((one) => one.document));
      const unknown = [...ids].filter((id) => !known.has(id) && !sought.has(id));
      for (const id of unknown.slice(0, MOST_AHEAD)) seek(id);
    });
    page.on("read", (id) => {
      if (page.isWide()) page.closePanel();
      else page.openPanel("source");
      if (current && current.id === id && !current.failed) guide.update(id, true);
      else open(id, { target: { document: id }, guide: true });
    });
    page.on("panel", (name) => {
      if (name === "source" && !page.isWide()) close.focus({ preventScroll: true });
    });
    page.on("documents", ({ documents }) => {
      page.shelf = documents;
      const ids = new Set(documents.map((one) => one.id));
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
      // What is on its way was asked for before this list came, and is not to be forgotten for it.
      const held = [current && current.id, wanted && wanted.target.document];
      if (held.some((id) => ids.has(id))) return;
      if (documents.length) open(documents[0].id);
      else empty();
    });

    function empty() {
      current = null;
      guide.update(null);
      turn.hidden = true;
      look(false);
      lights.read(null);
      setText(title, words("source"));
      setText(facts, "");
      text.replaceChildren(make("p", { class: "source-empty" }, words("source_empty")));
    }

  };
})();
