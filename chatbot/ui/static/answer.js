/* The body of an answer: blocks of text with markers and verdicts, kept node by node. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, keyed, setText } = page;

  const TAGS = {
    paragraph: "p", heading: "h3", code: "pre", bullet: "li", number: "li", header: "tr", row: "tr",
  };
  const LISTS = { bullet: "ul", number: "ol", header: "table", row: "table" };

  /* Items that follow one another stand in one list, rows in one table, named after the first. */
  function groups(blocks) {
    const found = [];
    for (const block of blocks) {
      const last = found[found.length - 1];
      const list = LISTS[block.kind];
      if (list && last && last.list === list && block.kind !== "header") last.blocks.push(block);
      else found.push({ key: (list || "") + block.key, list, blocks: [block] });
    }
    return found;
  }

  /* Bring the body of a turn up to its view. */
  page.updateBody = (body, turn) => {
    const fill = (node, block) => (block.cells ? fillRow(node, block) : fillParts(node, block));
    const fillRow = (node, block) => {
      const tag = block.kind === "header" ? "th" : "td";
      const scope = block.kind === "header" ? "col" : null;
      keyed(node, block.cells, () => make(tag, { scope }), fillParts);
    };
    const fillParts = (node, block) =>
      keyed(node, block.parts, (part) => createPart(part, turn), updatePart);
    const create = (block) => make(TAGS[block.kind]);
    keyed(
      body,
      groups(turn.view.blocks),
      (group) => (group.list ? createList(group) : create(group.blocks[0])),
      (node, group) =>
        group.list
          ? keyed(node.querySelector("tbody") || node, group.blocks, create, fill)
          : fill(node, group.blocks[0]),
    );
    name(body, turn.view.citations);
  };

  function createList(group) {
    if (group.list !== "table") return make(group.list);
    return make("div", { class: "table", tabindex: "0" }, make("table", {}, make("tbody")));
  }

  /* A citation that came after its marker is news for the marker alone. */
  function name(body, citations) {
    const known = new Map(citations.map((citation) => [citation.marker, citation]));
    for (const marker of body.querySelectorAll("button.marker:not([aria-label])")) {
      const citation = known.get(Number(marker.dataset.marker));
      if (citation) marker.setAttribute("aria-label", citation.label);
    }
  }

  function createPart(part, turn) {
    if (part.kind === "text") return make(part.style.includes("code") ? "code" : "span");
    if (part.kind === "verdict") return createVerdict(part, turn);
    const marker = make("button", { type: "button", "data-marker": part.marker });
    page.setCard(marker, () => {
      const citation = page.cited(turn.view, part.marker);
      return citation ? page.sourceCard(citation) : [];
    });
    return marker;
  }

  function createVerdict(part, turn) {
    const node = make("button", { type: "button", "data-claim-verdict": part.claim });
    node.setAttribute("aria-expanded", "false");
    const build = () => {
      const claim = turn.view.claims.find((one) => one.start === part.claim);
      const markers = claim ? claim.markers : [];
      const citations = markers.map((marker) => page.cited(turn.view, marker)).filter(Boolean);
      return claim ? page.verdictCard(claim, citations) : [];
    };
    page.setCard(node, build, { pin: true });
    return node;
  }

  page.cited = (view, marker) => view.citations.find((one) => one.marker === Number(marker));

  function updatePart(node, part) {
    if (part.kind === "text") {
      setText(node, part.text);
      node.className = part.style.concat(part.verdict ? ["claim-" + part.verdict] : []).join(" ");
      if (part.claim !== null) node.dataset.claim = part.claim;
    } else if (part.kind === "verdict") {
      node.className = "verdict verdict-" + part.verdict;
      node.replaceChildren(icon(part.verdict));
      node.setAttribute("aria-label", part.title);
    } else {
      node.className = "marker marker-" + part.state;
      setText(node, String(part.marker));
      node.disabled = part.state === "pending" || part.state === "unknown";
      if (part.state === "unknown") node.title = part.label;
      if (part.label) node.setAttribute("aria-label", part.label);
    }
  }
})();
