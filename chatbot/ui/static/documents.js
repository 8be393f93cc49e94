/* The documents: a list to read from, choose from and remove from, and the ways to add one. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, setText, words } = page;

  page.documents = ({ element, props, watch, server }) => {
    let reading = null;
    const rows = make("ul", { class: "rows" });
    const all = buildAll();
    const message = make("p", { class: "documents-message", role: "status" });
    const close = page.iconButton("close", words("close"), page.closePanel, "close");
    const title = make("h2", { id: "documents-title", tabindex: "-1" }, words("documents"));
    const head = make("header", { class: "documents-head" }, title, close);
    const adding = page.buildAdding({ addFile, addText, addAddress });
    const panel = make("section", { class: "documents", "aria-labelledby": "documents-title" });
    panel.dataset.layer = "documents";
    const sets = page.buildCollections(changeCollections, say);
    const empty = make("p", { class: "rows-empty", hidden: true });
    panel.append(head, sets.node, adding.uploads, all.node, rows, empty, message, adding.node);
    element.firstElementChild.append(panel);
    page.takeDrops(panel, adding.take);

    function say(text, level = "") {
      setText(message, text);
      message.dataset.level = level;
    }
    async function change(name, values) {
      try {
        return take(await server[name](values));
      } catch {
        page.check();
        return { text: words("lost"), level: "bad" };
      }
    }
    /* Show a new list; returns the word on how it went. */
    function take(value) {
      const held = rows.contains(document.activeElement);
      rows.replaceChildren(...value.documents.map(buildRow));
      if (held) title.focus();
      page.emit("documents", value);
      all.update();
      const news = value.message || { text: "", level: "good" };
      if (news.opened) page.emit("added", news.opened);
      return news;
    }
    /* Change a collection; says why not, and returns whether it was changed. */
    async function changeCollections(name, values) {
      let done = { error: words("lost") };
      try {
        done = await server[name](values);
      } catch {
        page.check();
      }
      say(done.error || "", done.error ? "bad" : "");
      if (done.collections) page.emit("collections", done.collections);
      if (done.made) page.chooseCollection(done.made);
      return !done.error;
    }
    /* What is added while an own collection is chosen goes into it. */
    function into() {
      const one = page.collection();
      return one && one.own ? { collection: one.id } : {};
    }
    async function addFile(sent) {
      return change("add_file", { ...sent, ...into() });
    }
    async function addText(entry) {
      if (!entry.text.trim()) return say(words("text_empty"), "bad");
      say(words("adding", { name: entry.title || words("add_text_untitled") }));
      const news = await change("add_text", { ...entry, ...into() });
      say(news.text, news.level);
      if (news.level === "good") adding.clear();
    }
    async function addAddress(entry) {
      say(words("adding", { name: entry.address }));
      const news = await change("add_address", { ...entry, ...into() });
      say(news.text, news.level);
      if (news.level === "good") adding.clear();
    }
    async function remove(one) {
      const news = await change("remove", { document: one.id });
      say(news.text, news.level);
    }

    function buildRow(one) {
      const use = make("input", { type: "checkbox", class: "use", "aria-label": one.use_label });
      use.checked = page.isChosen(one.id);
      use.title = one.use_label;
      use.addEventListener("change", () => page.choose(one.id, use.checked));
      const read = make("button", { type: "button", class: "row-read", "aria-label": one.read_label });
      const facts = [one.facts, day(one.added), one.whose].filter(Boolean).join(" · ");
      read.append(make("span", { class: "row-title" }, one.title));
      read.append(make("span", { class: "row-facts" }, facts));
      read.title = one.title;
      read.addEventListener("click", () => page.emit("read", one.id));
      const drop = page.iconButton("remove", one.remove_label, () => confirm(row, one, drop));
      const mark = page.iconButton("collections", words("in_label", { title: one.title }), () =>
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
      const box = make("div", { class: "confirm", role: "group", "aria-label": one.remove_label });
      box.append(make("p", {}, one.remove_question), yes, no);
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
    watch("value", () => {
      if (!props.value) return;
      const news = take(props.value);
      if (news.text) say(news.text, news.level);
    });
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

  function day(iso) {
    if (!iso) return "";
    const at = new Date(iso);
    return new Intl.DateTimeFormat(page.language, { dateStyle: "medium" }).format(at);
  }
})();
