/* The documents: a list to read from and remove from, and the ways to add one. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, setText, words } = page;
  const MOST_BYTES = 10 * 1000 * 1000;

  page.documents = ({ element, props, watch, upload, send }) => {
    let reading = null;
    let told = null; // the last message that was acted on
    const rows = make("ul", { class: "rows" });
    const message = make("p", { class: "documents-message", role: "status" });
    const close = page.iconButton("close", words("close"), page.closePanel, "close");
    const title = make("h2", { id: "documents-title", tabindex: "-1" }, words("documents"));
    const head = make("header", { class: "documents-head" }, title, close);
    const adding = buildAdding({ addFile, addText });
    const panel = make("section", { class: "documents", "aria-labelledby": "documents-title" });
    panel.dataset.layer = "documents";
    panel.append(head, rows, message, adding.node);
    element.firstElementChild.append(panel);

    function say(text, level = "") {
      setText(message, text);
      message.dataset.level = level;
      if (!level) setTimeout(page.check, 5000); // it says that something is being added
    }
    async function addFile(file) {
      if (file.size > MOST_BYTES) return say(words("upload_too_large", { name: file.name }), "bad");
      say(words("adding", { name: file.name }));
      try {
        const { path } = await upload(file);
        send.add_file({ path, name: file.name });
      } catch {
        say(words("upload_failed", { name: file.name }), "bad");
      }
    }
    function addText(entry) {
      if (!entry.text.trim()) return say(words("text_empty"), "bad");
      say(words("adding", { name: entry.title || words("add_text_untitled") }));
      send.add_text(entry);
    }

    function buildRow(one) {
      const read = make("button", { type: "button", class: "row-read", "aria-label": one.read_label });
      read.append(make("span", { class: "row-title" }, one.title));
      read.append(make("span", { class: "row-facts" }, one.facts));
      read.addEventListener("click", () => page.emit("read", one.id));
      const remove = make("button", { type: "button", class: "quiet", title: words("remove") });
      remove.setAttribute("aria-label", one.remove_label);
      remove.append(icon("remove"));
      const row = make("li", { "data-document": one.id }, read, remove);
      remove.addEventListener("click", () => confirm(row, one, remove));
      row.classList.toggle("reading", one.id === reading);
      return row;
    }
    function confirm(row, one, remove) {
      if (row.querySelector(".confirm")) return;
      const yes = make("button", { type: "button", class: "danger" }, words("remove"));
      const no = make("button", { type: "button", class: "plain" }, words("keep"));
      const box = make("div", { class: "confirm", role: "group", "aria-label": one.remove_label });
      box.append(make("p", {}, words("remove_question")), yes, no);
      const leave = () => {
        box.remove();
        remove.focus();
      };
      yes.addEventListener("click", () => send.remove({ document: one.id }));
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
    page.on("lost", () => {
      const waiting = message.textContent && !message.dataset.level;
      if (waiting) say(words("lost"), "bad");
    });
    page.on("panel", (name) => {
      if (name === "documents") title.focus({ preventScroll: true });
    });
    watch("value", () => {
      const value = props.value;
      if (!value) return;
      const held = rows.contains(document.activeElement);
      rows.replaceChildren(...value.documents.map(buildRow));
      if (held) title.focus();
      page.emit("documents", value);
      const news = value.message;
      if (!news || news.id === told) return;
      told = news.id;
      say(news.text, news.level);
      if (news.level === "good" && !news.removed) adding.clear();
      if (news.opened) page.emit("added", news.opened);
    });
  };

  function buildAdding({ addFile, addText }) {
    const picker = make("input", { type: "file", class: "sr-only", id: "add-file", tabindex: "-1" });
    picker.setAttribute("aria-label", words("add_file"));
    picker.accept = ".txt,.md,.html,.htm,.pdf,.docx";
    const pick = make("button", { type: "button", class: "plain" }, words("add_file"));
    const drop = make("div", { class: "drop" }, picker, pick);
    drop.append(make("span", {}, words("add_drop")), make("small", {}, words("add_kinds")));
    pick.addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      if (picker.files.length) addFile(picker.files[0]);
      picker.value = "";
    });
    for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
      drop.addEventListener(kind, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", kind === "dragenter" || kind === "dragover");
        if (kind === "drop" && event.dataTransfer.files.length) addFile(event.dataTransfer.files[0]);
      });
    }

    const title = make("input", { id: "text-title", autocomplete: "off" });
    const body = make("textarea", { id: "text-body", rows: "5" });
    const submit = make("button", { type: "submit", class: "strong-button" }, words("add_submit"));
    const form = make("form", { class: "paste" });
    form.append(make("label", { for: "text-title" }, words("add_text_title")), title);
    form.append(make("label", { for: "text-body" }, words("add_text_body")), body, submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      addText({ title: title.value, text: body.value });
    });
    const paste = make("details", { class: "paste-box" });
    paste.append(make("summary", {}, words("add_text")), form);
    const node = make("div", { class: "adding" }, make("h3", {}, words("add_title")), drop, paste);
    const clear = () => {
      form.reset();
      paste.open = false;
    };
    return { node, clear };
  }
})();
