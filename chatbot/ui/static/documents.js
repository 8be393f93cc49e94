/* The documents: a list to read from, choose from and remove from, and the ways to add one. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { counted, make, setText, words } = page;
  const MOST_NAMED = 60; // characters
  const MOST_PASTED = 2000000; // characters: what the server takes as a text

  page.documents = ({ element }) => {
    let reading = null;
    const rows = make("ul", { class: "rows" });
    const all = buildAll();
    const message = make("p", { class: "documents-message", role: "status" });
    const close = page.iconButton("close", words("close"), page.closePanel, "close");
    const title = make("h2", { id: "documents-title", tabindex: "-1" }, words("documents"));
    const head = make("header", { class: "documents-head" }, title, close);
    const adding = page.buildAdding({ taken, addText, addAddress });
    const panel = make("section", { class: "documents", "aria-labelledby": "documents-title" });
    panel.dataset.layer = "documents";
    const sets = page.buildCollections(changeCollections);
    const empty = make("p", { class: "rows-empty", hidden: true });
    panel.append(head, sets.node, adding.uploads, all.node, rows, empty, message, adding.node);
    element.firstElementChild.append(panel);
    page.takeDrops(panel, adding.take);

    function say(text, level = "") {
      setText(message, text);
      message.dataset.level = level;
    }
    /* Show the list as it is now. */
    let looks = 0;
    async function refresh() {
      const look = ++looks;
      const found = await page.api("GET", "page/documents");
      if (look !== looks) return; // it has changed since
      const nothing = { documents: [], collections: [], starters: [] };
      const list = found.error ? nothing : found;
      const held = rows.contains(document.activeElement);
      rows.replaceChildren(...list.documents.map(buildRow));
      if (held) title.focus();
      page.emit("documents", list);
      all.update();
      if (found.error) say(found.error, "bad");
    }
    /* Change a collection; says why not. Returns what the server answered, null where it did not. */
    async function changeCollections(method, id, values) {
      const done = await page.api(method, `api/collections${id && "/" + id}`, values);
      say(done.error || "", done.error ? "bad" : "");
      if (done.error) return null;
      const all = await page.api("GET", "api/collections");
      if (all.collections) page.emit("collections", all.collections);
      return done;
    }
    /* Show what was added, in the collection that is chosen if it is one's own; returns that in words. */
    async function taken(report) {
      if (report.error) return bad(report.error);
      if (report.failed.length) return bad(report.failed.map((one) => one.reason).join(" "));
      const there = [...report.added, ...report.unchanged];
      const one = page.collection();
      const put = { put: there.map(({ id }) => id) };
      const done = one && one.own ? await page.api("PATCH", `api/collections/${one.id}`, put) : {};
      await refresh();
      if (done.error) return bad(done.error);
      const titles = there.map((one) => one.title).join(", ");
      if (!report.added.length) return { text: words("unchanged", { title: titles }), level: "good" };
      const [{ title, warnings }] = report.added;
      return { text: [words("added", { title }), ...warnings].join(" "), level: "good" };
    }
    const bad = (text) => ({ text, level: "bad" });
    async function add(name, path, values) {
      say(words("adding", { name }));
      const news = await taken(await page.api("POST", path, values));
      say(news.text, news.level);
      if (news.level === "good") adding.clear();
    }
    async function addText({ title, text }) {
      if (!text.trim()) return say(words("text_empty"), "bad");
      const tooLong = text.length > MOST_PASTED && [...text].length > MOST_PASTED;
      if (tooLong) return say(words("text_too_long"), "bad");
      const untitled = words("add_text_untitled");
      const named = joined(title) || beginning(joined(text)) || untitled;
      await add(title || untitled, "api/documents", { title: named, text });
    }
    async function addAddress({ address }) {
      await add(address, "api/addresses", { address });
    }
    async function remove(one) {
      const done = await page.api("DELETE", `api/documents/${one.id}`);
      await refresh();
      say(done.error || words("removed", { title: one.title }), done.error ? "bad" : "good");
    }

    function buildRow(one) {
      const named = { title: one.title };
      const used = words("use_label", named);
      const use = make("input", { type: "checkbox", class: "use", "aria-label": used, title: used });
      use.checked = page.isChosen(one.id);
      use.addEventListener("change", () => page.choose(one.id, use.checked));
      const label = { "aria-label": words("read_label", named), title: one.title };
      const read = make("button", { type: "button", class: "row-read", ...label });
      const whose = words(one.shared ? "everybodys" : "yours");
      const facts = [one.kind, counted("sentences", one.sentence_count), day(one.added), whose];
      read.append(make("span", { class: "row-title" }, one.title));
      read.append(make("span", { class: "row-facts" }, facts.filter(Boolean).join(" · ")));
      read.addEventListener("click", () => page.emit("read", one.id));
      const drop = page.iconButton("remove", words("remove_label", named), () => confirm(row, one, drop));
      const mark = page.iconButton("collections", words("in_label", named), () =>
        page.openMembership(row, one, mark, changeCollections),
      );
      mark.setAttribute("aria-expanded", "false");
      const row = make("li", { "data-document": one.id }, use, read, mark, drop);
      row.hidden = !page.isInScope(one.id);
      row.classList.toggle("reading", one.id === reading);
      return row;
    }
    function confirm(row, one, button) {
      if (row.querySelector(".confirm")) return;
      const yes = make("button", { type: "button", class: "danger" }, words("remove"));
      const no = make("button", { type: "button", class: "plain" }, words("keep"));
      const box = make("div", { class: "confirm", role: "group" });
      box.setAttribute("aria-label", words("remove_label", { title: one.title }));
      const asking = words(one.shared ? "remove_question_everybodys" : "remove_question");
      box.append(make("p", {}, asking), yes, no);
      const leave = () => {
        box.remove();
        button.focus();
      };
      yes.addEventListener("click", () => remove(one));
      no.addEventListener("click", leave);
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        leave();
      });
      row.append(box);
      no.focus();
    }

    page.on("reading", (id) => {
      reading = id;
      for (const row of rows.children) row.classList.toggle("reading", row.dataset.document === id);
    });
    page.on("choice", () => {
      all.update();
      for (const row of rows.children) {
        row.hidden = !page.isInScope(row.dataset.document);
        row.querySelector(".use").checked = page.isChosen(row.dataset.document);
      }
      const one = page.collection();
      empty.hidden = !one || Boolean(rows.querySelector("li:not([hidden])"));
      if (one) setText(empty, one.own ? words("collection_empty") : words("chosen_empty", one));
    });
    page.on("panel", (name) => {
      if (name === "documents") title.focus({ preventScroll: true });
    });
    refresh();
  };

  /* One box for all of them, where there are several. */
  function buildAll() {
    const box = make("input", { type: "checkbox", class: "use", id: "use-all" });
    const label = make("label", { for: "use-all" }, words("use_all"));
    const node = make("p", { class: "use-all", hidden: true }, box, label);
    box.addEventListener("change", () => page.chooseAll(box.checked));
    const update = () => {
      node.hidden = document.querySelectorAll(".documents .rows > li:not([hidden])").length < 2;
      box.checked = page.choiceOf() === "all";
      box.indeterminate = page.choiceOf() === "some";
    };
    return { node, update };
  }

  const joined = (text) => text.split(/\s+/).filter(Boolean).join(" ");

  /* The first words of a text, to name it by. */
  function beginning(text) {
    if (text.length <= MOST_NAMED) return text;
    return text.slice(0, MOST_NAMED).replace(/ [^ ]*$/, "").replace(/[ ,;:]+$/, "") + " …";
  }

  function day(iso) {
    if (!iso) return "";
    const at = new Date(iso);
    return new Intl.DateTimeFormat(page.language, { dateStyle: "medium" }).format(at);
  }
})();
