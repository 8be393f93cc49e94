/* What the cards say: the sentence a marker points to; what was checked, claim beside source. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, words } = page;

  page.sourceCard = (citation) => [
    make("p", { class: "card-text" }, citation.text),
    make("p", { class: "card-place" }, citation.place),
  ];

  page.verdictCard = (claim, citations) => {
    const head = make("p", { class: "card-verdict verdict-" + claim.verdict });
    head.append(icon(claim.verdict), make("span", {}, claim.title));
    const how = { quoted: "checked_quoted", unchecked: "checked_unchecked" };
    const read = claim.by ? "checked_by" : how[claim.verdict] || "checked_read";
    const note = make("p", { class: "card-place" }, words(read, { model: claim.by }));
    return [head, note, make("div", { class: "card-sides" }, statement(claim), rests(claim, citations))];
  };

  function statement(claim) {
    const label = make("p", { class: "card-label" }, words("side_claim"));
    const text = make("p", { class: "card-text" });
    for (const [piece, isDoubted] of claim.pieces) {
      text.append(isDoubted ? make("em", { class: "doubted" }, piece) : piece);
    }
    const side = make("div", {}, label, text);
    const doubted = claim.pieces.filter(([, isDoubted]) => isDoubted).map(([piece]) => piece);
    if (doubted.length) {
      const note = words("side_doubted", { words: doubted.join(" · ") });
      side.append(make("p", { class: "card-place" }, note));
    }
    return side;
  }

  function rests(claim, citations) {
    const side = make("div", {});
    if (!citations.length) {
      const label = words(claim.nearest ? "side_nearest" : "side_source");
      side.append(make("p", { class: "card-label" }, label));
      if (claim.nearest) side.append(make("p", { class: "card-text" }, claim.nearest));
      side.append(make("p", { class: "card-place" }, words("side_no_source")));
    }
    for (const one of citations) {
      const label = words("side_source_number", { marker: one.marker });
      side.append(make("p", { class: "card-label" }, label), ...page.sourceCard(one));
    }
    return side;
  }
})();
