/* Which documents a question may use: all, or those that are ticked in their list. What was left
   out is remembered, so a document that is added later is used. For this tab alone. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { counted, make, setText, words } = page;
  const KEPT = "chatbot.left-out";
  let known = []; // ids and titles of the documents in sight
  let listed = false;
  let left = new Set(JSON.parse(sessionStorage.getItem(KEPT) || "[]"));

  const chosen = () => known.filter((one) => !left.has(one.id));
  function keep(next) {
    left = next;
    sessionStorage.setItem(KEPT, JSON.stringify([...left]));
    page.emit("choice", null);
  }

  page.isChosen = (id) => !left.has(id);
  page.choose = (id, on) => {
    const next = new Set(left);
    if (on) next.delete(id);
    else next.add(id);
    keep(next);
  };
  page.chooseAll = (on) => keep(new Set(on ? [] : known.map((one) => one.id)));
  /* "all", "some" or "none". */
  page.choiceOf = () => {
    const count = chosen().length;
    return count === known.length ? "all" : count ? "some" : "none";
  };
  /* What goes along with a question: ids, or nothing where all documents may be used. */
  page.chosenDocuments = () => (page.choiceOf() === "all" ? undefined : chosen().map((one) => one.id));
  page.isInSight = (id) => known.some((one) => one.id === id);

  /* A marker whose document is gone says so; what was quoted is still to be read. */
  page.markRemoved = (node, view) => {
    if (!listed) return;
    for (const marker of node.querySelectorAll("button.marker[data-marker]")) {
      const citation = page.cited(view, marker.dataset.marker);
      const gone = Boolean(citation) && !page.isInSight(citation.document);
      if (marker.classList.contains("gone") === gone) continue;
      marker.classList.toggle("gone", gone);
      const label = citation.label;
      marker.setAttribute("aria-label", gone ? words("marker_removed", { label }) : label);
    }
  };

  /* What an earlier question was limited to, in words. */
  page.limitedTo = (ids) => {
    if (!ids) return "";
    const here = known.filter((one) => ids.includes(one.id));
    const titles = here.map((one) => one.title);
    const gone = ids.length - here.length;
    if (gone) titles.push(counted("asked_of_removed", gone));
    return words("asked_of", { titles: titles.join(", ") });
  };

  /* Stands over the question field while not all documents are used. */
  page.buildChoice = () => {
    const text = make("span", {});
    const node = make("button", { type: "button", class: "choice", hidden: true }, page.icon("documents"), text);
    node.addEventListener("click", () => page.openPanel("documents"));
    const update = () => {
      const choice = page.choiceOf();
      const total = known.length;
      const label =
        choice === "none" ? words("chosen_none") : counted("chosen_some", chosen().length, { total });
      node.hidden = choice === "all";
      node.classList.toggle("wrong", choice === "none");
      setText(text, label);
      node.setAttribute("aria-label", words("chosen_label", { chosen: label }));
    };
    page.on("choice", update);
    return node;
  };

  page.on("documents", ({ documents }) => {
    listed = true;
    known = documents.map(({ id, title }) => ({ id, title }));
    page.emit("choice", null);
  });
})();
