/* The source pane: one document as readable text, with the sentences an answer rests on lit up. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, setText, words } = page;
  const LONG = 300; // paragraphs
  const STRETCH = 50;

  page.source = ({ element, props, watch, send }) => {
    const known = new Map(); // documents that were opened, by id
    let current = null; // the one shown: { id, sentences, marked }
    let wanted = null; // what to show once its document is here
    let active = null; // the turn whose sentences are lit up

    const title = make("h2", { class: "source-title" });
    const facts = make("p", { class: "source-facts" });
    const close = make("button", { type: "button", class: "quiet close", onclick: page.closePanel });
    close.setAttribute("aria-label", words("back"));
    close.append(icon("close"));
    const head = make("header", { class: "source-head" }, make("div", {}, title, facts), close);
    const text = make("div", { class: "source-text", tabindex: "0", role: "region" });
    text.setAttribute("aria-label", words("source"));
    const pane = make("aside", { class: "source", "aria-label": words("source") }, head, text);
    element.firstElementChild.append(pane);

    function open(id, request = null) {
      wanted = request;
      if (current && current.id === id && !current.failed) return arrive();
      if (known.has(id)) return render(known.get(id));
      wanted = request || { target: { document: id } };
      if (!current) setText(text, words("source_loading"));
      send.open({ document: id });
    }

    function render(view) {
      const sentences = [];
      setText(title, view.title);
      setText(facts, [view.source, ...view.warnings].filter(Boolean).join(" · "));
      text.replaceChildren(...stretches(view.blocks.map((block) => buildBlock(block, sentences))));
      text.classList.toggle("long", view.blocks.length > LONG);
      text.scrollTop = 0;
      current = { id: view.id, sentences, marked: [] };
      mark();
      arrive();
      page.emit("reading", view.id);
    }

    function failed(view) {
      const quote = wanted && wanted.target.text;
      const message = make("p", { class: "source-error" }, view.error);
      text.replaceChildren(message);
      if (quote) {
        text.append(make("p", { class: "source-error" }, words("source_removed")));
        text.append(make("blockquote", {}, quote));
      }
      setText(title, words("source"));
      setText(facts, "");
      current = { id: view.id, sentences: [], marked: [], failed: true };
      wanted = null;
    }

    function arrive() {
      const request = wanted;
      wanted = null;
      if (!request || request.target.sentence === undefined) return;
      const sentence = current.sentences[request.target.sentence];
      if (!sentence) return;
      reveal(sentence, request);
    }

    function reveal(sentence, { focus, quiet }) {
      bringIntoView(sentence);
      if (quiet) return;
      sentence.classList.remove("flash");
      void sentence.offsetWidth; // so that the animation starts anew
      sentence.classList.add("flash");
      if (focus) sentence.focus({ preventScroll: true });
    }

    /* In a long document the heights above are guesses until they are seen: go there at once, and
       again until it stands still. */
    function bringIntoView(sentence, tries = 6) {
      const long = text.classList.contains("long");
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

    /* Light up what the active turn rests on (or, under a refusal, what came closest). */
    function mark() {
      if (!current) return;
      for (const node of current.marked) {
        node.classList.remove("cited", "close-by");
        node.removeAttribute("data-markers");
        node.removeAttribute("tabindex");
        node.removeAttribute("aria-description");
      }
      current.marked = [];
      if (!active) return;
      for (const one of active.closest) light(one, "close-by");
      for (const one of active.citations) {
        const node = light(one, "cited");
        if (!node) continue;
        const before = node.dataset.markers;
        node.dataset.markers = before ? before + " " + one.marker : String(one.marker);
        const label = words("source_cited_label", { markers: node.dataset.markers });
        node.setAttribute("aria-description", label);
      }
    }

    function light(one, style) {
      const node = one.document === current.id ? current.sentences[one.sentence] : null;
      if (!node) return null;
      node.classList.add(style);
      node.tabIndex = -1;
      current.marked.push(node);
      return node;
    }

    page.on("active", (turn) => {
      const before = JSON.stringify(active && [active.citations, active.closest]);
      active = turn;
      if (JSON.stringify(turn && [turn.citations, turn.closest]) !== before) mark();
    });
    page.on("show", ({ target, focus = false, quiet = false }) => {
      if (!quiet && page.isWide()) page.closePanel();
      else if (!quiet) page.openPanel("source");
      open(target.document, { target, focus, quiet });
    });
    page.on("read", (id) => {
      if (page.isWide()) page.closePanel();
      else page.openPanel("source");
      open(id);
    });
    page.on("panel", (name) => {
      if (name === "source" && !page.isWide()) close.focus({ preventScroll: true });
    });
    page.on("documents", ({ documents }) => {
      const ids = new Set(documents.map((one) => one.id));
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
      if (current && ids.has(current.id)) return;
      if (documents.length) open(documents[0].id);
      else empty();
    });

    function empty() {
      current = null;
      setText(title, words("source"));
      setText(facts, "");
      text.replaceChildren(make("p", { class: "source-empty" }, words("source_empty")));
    }

    watch("value", () => {
      if (!props.value) return;
      const view = JSON.parse(props.value.document);
      props.value = null; // it is kept here, and nowhere else
      if (!view.error) known.set(view.id, view);
      // Only what was asked for last is shown, in whatever order the documents arrive.
      if (wanted && wanted.target.document !== view.id) return;
      if (view.error) failed(view);
      else render(view);
    });
  };

  /* The browser watches each stretch of a long document for coming near: a few, not thousands. */
  function stretches(blocks) {
    const found = [];
    for (let start = 0; start < blocks.length; start += STRETCH) {
      found.push(make("div", { class: "stretch" }, ...blocks.slice(start, start + STRETCH)));
    }
    return found;
  }

  const TAGS = { paragraph: "p", heading: "h3", page: "p" };

  function buildBlock(block, sentences) {
    const node = make(TAGS[block.kind], { class: "block-" + block.kind });
    for (const [index, text] of block.pieces) {
      if (index === null) {
        node.append(text);
        continue;
      }
      sentences[index] = make("span", { class: "sentence", "data-sentence": index }, text);
      node.append(sentences[index]);
    }
    return node;
  }
})();
