/* A document as nodes: built a stretch at a time, so that a book opens as fast as a page.

   The stretch with the sentence that is looked for comes first, the others when there is time. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;
  const STRETCH = 50; // paragraphs, or one table
  const BARS = /((?:^| )\|(?: |$))/; // between the cells of a row
  const SLICE = 8; // milliseconds of building before the page may do something else
  const TAGS = { paragraph: "p", heading: "h3", page: "p" };

  /* Returns { id, node(index) of a sentence, isLong }; fills `frame`, that place first. */
  page.readInto = (frame, view, first = 0) => {
    const stretches = [];
    const home = []; // the stretch of each sentence
    const nodes = []; // of each sentence that is built
    for (const blocks of inStretches(view.blocks)) {
      const stretch = { blocks, node: make("div", { class: "stretch" }), built: false };
      for (const block of blocks) {
        for (const [index] of block.pieces) if (index !== null) home[index] = stretch;
      }
      stretches.push(stretch);
    }
    const isLong = stretches.length > 6;
    frame.classList.toggle("long", isLong);
    frame.replaceChildren(...stretches.map((one) => one.node));

    const build = (stretch) => {
      if (stretch.built) return;
      stretch.built = true;
      stretch.node.append(...stretch.blocks.map((block) => buildBlock(block, nodes)));
      stretch.blocks = null;
    };
    const around = Math.max(0, stretches.indexOf(home[first]));
    for (const stretch of stretches.slice(Math.max(0, around - 1), around + 2)) build(stretch);
    const rest = stretches.filter((one) => !one.built);
    const more = () => {
      const end = performance.now() + SLICE;
      while (rest.length && performance.now() < end) build(rest.shift());
      if (rest.length && stretches[0].node.isConnected) setTimeout(more);
    };
    if (isLong) setTimeout(more);
    else rest.forEach(build);

    const node = (index) => {
      if (home[index]) build(home[index]);
      return nodes[index] || null;
    };
    return { id: view.id, node, isLong };
  };

  function inStretches(blocks) {
    const stretches = [];
    let size = STRETCH;
    for (const block of blocks) {
      if (size >= STRETCH) {
        stretches.push([]);
        size = 0;
      }
      stretches.at(-1).push(block);
      size += block.kind === "table" ? block.pieces.length : 1;
    }
    return stretches;
  }

  function buildBlock(block, nodes) {
    if (block.kind === "table") return buildTable(block, nodes);
    const node = make(TAGS[block.kind], { class: "block-" + block.kind });
    for (const [index, text] of block.pieces) {
      if (index === null) {
        node.append(text);
        continue;
      }
      nodes[index] = make("span", { class: "sentence", "data-sentence": index }, text);
      node.append(nodes[index]);
    }
    return node;
  }

  /* A table scrolls by itself where it is wide or long, so that its header stays in sight. */
  function buildTable({ header, pieces }, nodes) {
    const rows = header && pieces[0][1] !== header ? [[null, header], ...pieces] : pieces;
    const made = rows.map(([index, text], n) => {
      const row = buildRow(text, header && n === 0);
      if (index === null) return row;
      row.className = "sentence";
      row.dataset.sentence = index;
      nodes[index] = row;
      return row;
    });
    const table = make("table", {});
    if (header) table.append(make("thead", {}, made.shift()));
    table.append(make("tbody", {}, ...made));
    const names = header.split(BARS).filter((cell, n) => cell && n % 2 === 0);
    const frame = make("div", { class: "block-table", role: "region", tabindex: "0" }, table);
    frame.setAttribute("aria-label", [words("source_table"), ...names].join(" "));
    return frame;
  }

  /* The bars stay in the row, unseen: its text is the sentence of the document. */
  function buildRow(text, names) {
    const row = make("tr");
    text.split(BARS).forEach((part, n) => {
      if (n % 2) row.lastChild.append(make("span", { hidden: true }, part));
      else row.append(make(names ? "th" : "td", names ? { scope: "col" } : {}, part));
    });
    return row;
  }
})();
