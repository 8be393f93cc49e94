/* The sentences in the source that the active answer rests on: lit up, numbered, and telling which
   claims rest on them. Under a refusal, what came closest. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, setText, words } = page;

  page.buildLights = (text, pages) => {
    let active = null; // the turn whose sentences are lit up
    let current = null; // the document they stand in
    let lit = [];
    let numbers = [];
    const rests = buildRests();

    function mark() {
      for (const node of lit) {
        node.classList.remove("cited", "close-by");
        node.removeAttribute("data-markers");
      }
      for (const number of numbers) number.remove();
      lit = [];
      numbers = [];
      rests.hide();
      if (!active || !current) return pages.mark([]);
      for (const one of active.closest) light(one, "close-by");
      for (const one of active.citations) {
        const node = light(one, "cited");
        if (!node) continue;
        const before = node.dataset.markers;
        node.dataset.markers = before ? before + " " + one.marker : String(one.marker);
      }
      const wanted = [...new Set(lit)].map((node) => ({
        index: Number(node.dataset.sentence),
        style: node.dataset.markers ? "cited" : "close-by",
        markers: node.dataset.markers || "",
        text: node.textContent,
      }));
      for (const node of new Set(lit)) if (node.dataset.markers) addNumber(node);
      pages.mark(wanted, (light, number) => rests.show(active, light, number));
    }

    function light(one, style) {
      const node = one.document === current.id ? current.node(one.sentence) : null;
      if (!node) return null;
      node.classList.add(style);
      lit.push(node);
      return node;
    }

    /* The number stands before the sentence, not in it: what is selected is the document's text. */
    function addNumber(sentence) {
      const { markers } = sentence.dataset;
      const number = make("button", { type: "button", class: "cited-number" }, markers);
      number.dataset.of = sentence.dataset.sentence;
      number.setAttribute("aria-label", words("source_cited_label", { markers }));
      number.addEventListener("click", () => rests.show(active, sentence, number));
      if (sentence.matches("tr")) sentence.firstElementChild.prepend(number);
      else sentence.before(number);
      numbers.push(number);
    }

    text.addEventListener("click", (event) => {
      const sentence = event.target.closest(".sentence.cited");
      const selecting = !document.getSelection().isCollapsed;
      if (!sentence || selecting || event.target.matches(".cited-number")) return;
      const number = numbers.find((one) => one.dataset.of === sentence.dataset.sentence);
      rests.show(active, sentence, number);
    });
    page.on("active", (turn) => {
      const told = (one) => one && JSON.stringify([one.id, one.citations, one.closest]);
      const same = told(active) === told(turn);
      active = turn;
      if (!same) mark();
    });
    const read = (next) => {
      current = next;
      mark();
    };
    return { node: rests.node, read };
  };

  /* The claims that rest on a sentence, each a way back to it. */
  function buildRests() {
    let opener = null;
    const title = make("h3", { tabindex: "-1" });
    const list = make("ul");
    const close = page.iconButton("close", words("close"), () => hide(true), "close-rests");
    const node = make("section", { class: "rests", "aria-label": words("rests_label") });
    node.hidden = true;
    node.append(title, close, list);

    function show(turn, sentence, number) {
      const markers = new Set(sentence.dataset.markers.split(" ").map(Number));
      const claims = turn.claims.filter((one) => one.markers.some((marker) => markers.has(marker)));
      setText(title, page.counted("rests", claims.length));
      list.replaceChildren(...claims.map((one) => make("li", {}, jump(turn, one))));
      node.hidden = false;
      opener = number;
      title.focus({ preventScroll: true });
    }
    function jump(turn, claim) {
      const button = make("button", { type: "button" });
      const mark = make("span", { class: "verdict-" + claim.verdict }, icon(claim.verdict));
      const title = make("span", { class: "sr-only" }, claim.title + ": ");
      button.append(mark, title, make("span", {}, claim.text));
      const target = { turn: turn.id, start: claim.start };
      button.addEventListener("click", () => page.emit("claim", target));
      return button;
    }
    function hide(giveBack = false) {
      if (node.hidden) return;
      node.hidden = true;
      if (giveBack && opener && opener.isConnected) page.giveFocus(opener);
      opener = null;
    }
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      hide(true);
    });
    return { node, show, hide };
  }
})();
