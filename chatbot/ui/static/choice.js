/* What a question may use: the documents of a collection, or all, less those that were unticked in
   their list. What was left out is remembered, so a document that is added later is used. The
   choice is this tab's; a conversation that is opened brings its collection along. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { counted, make, setText, words } = page;
  const KEPT = "chatbot.left-out";
  const MOST_NAMED = 4; // documents of an earlier question
  const KEPT_IN = "chatbot.collection";
  let known = []; // ids and titles of the documents in sight
  let collections = []; // each with its documents as a set
  let listed = false;
  let left = new Set(JSON.parse(sessionStorage.getItem(KEPT) || "[]"));
  let current = sessionStorage.getItem(KEPT_IN) || "";

  const scope = () => known.filter((one) => page.isInScope(one.id));
  const chosen = () => scope().filter((one) => !left.has(one.id));
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
  page.chooseAll = (on) => {
    const next = new Set(left);
    for (const { id } of scope()) {
      if (on) next.delete(id);
      else next.add(id);
    }
    keep(next);
  };
  /* "all", "some" or "none" of the collection that is chosen, or of all documents. */
  page.choiceOf = () => {
    const count = chosen().length;
    if (!count && page.collection()) return "none";
    return count === scope().length ? "all" : count ? "some" : "none";
  };
  /* What goes along with a question: ids, or nothing where none was unticked. */
  page.chosenDocuments = () => (page.choiceOf() === "all" ? undefined : chosen().map((one) => one.id));
  page.isInSight = (id) => known.some((one) => one.id === id);

  page.collections = () => collections;
  page.collection = () => collections.find((one) => one.id === current);
  page.isInScope = (id) => !page.collection() || page.collection().documents.has(id);
  page.chooseCollection = (id) => {
    current = id;
    sessionStorage.setItem(KEPT_IN, id);
    page.emit("choice", null);
  };

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
    const titles = here.slice(0, MOST_NAMED).map((one) => one.title);
    const more = here.length - titles.length;
    const gone = ids.length - here.length;
    if (more) titles.push(counted("asked_of_more", more));
    if (gone) titles.push(counted("asked_of_removed", gone));
    return words("asked_of", { titles: titles.join(", ") });
  };

  /* Stands over the question field while there is something to choose. */
  page.buildChoice = () => {
    const text = make("span", {});
    const node = make("button", { type: "button", class: "choice", hidden: true });
    node.append(page.icon("documents"), text);
    node.addEventListener("click", () => page.openPanel("documents"));
    const update = () => {
      const choice = page.choiceOf();
      const label = inWords(choice);
      node.hidden = choice === "all" && !collections.length;
      node.classList.toggle("wrong", choice === "none");
      setText(text, label);
      node.setAttribute("aria-label", words("chosen_label", { chosen: label }));
    };
    page.on("choice", update);
    return node;
  };
  function inWords(choice) {
    const { name } = page.collection() || {};
    const total = scope().length;
    if (name && !total) return words("chosen_empty", { name });
    if (choice === "none") return words("chosen_none");
    if (choice === "all" && !name) return words("all_documents");
    const some = { count: chosen().length, total };
    const said =
      choice === "all" ? counted("chosen_all", total) : counted("chosen_some", some.count, some);
    return name ? words("chosen_in", { name, chosen: said }) : said;
  }

  page.on("documents", (list) => {
    listed = true;
    known = list.documents.map(({ id, title }) => ({ id, title }));
    page.emit("collections", list.collections);
  });
  page.on("collections", (found) => {
    const shown = (one) => ({ ...one, own: !one.shared, documents: new Set(one.documents) });
    collections = found.map(shown);
    page.emit("choice", null);
  });
})();
