/* A document as nodes: built a stretch at a time, so that a book opens as fast as a page.

   The stretch with the sentence that is looked for comes first, the others when there is time. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make } = page;
  const STRETCH = 50; // paragraphs
  const SLICE = 8; // milliseconds of building before the page may do something else
  const TAGS = { paragraph: "p", heading: "h3", page: "p" };

  /* Returns { id, node(index) of a sentence, isLong }; fills `frame`, that place first. */
  page.readInto = (frame, view, first = 0) => {
    const stretches = [];
    const home = []; // the stretch of each sentence
    const nodes = []; // of each sentence that is built
    for (let start = 0; start < view.blocks.length; start += STRETCH) {
      const blocks = view.blocks.slice(start, start + STRETCH);
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

  function buildBlock(block, nodes) {
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
})();
