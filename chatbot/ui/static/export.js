/* Taking a conversation or an answer along: the server writes the file, the page saves it. Nothing
   leaves the machine. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;

  /* Buttons for each format. `from` returns what to export: { conversation, turn }. */
  page.buildExport = (from, label) => {
    const note = make("p", { class: "export-note", role: "status" });
    const group = make("div", { class: "export", role: "group", "aria-label": words(label) });
    const add = (format, text, take) => {
      const node = make("button", { type: "button", class: "plain" }, text);
      node.addEventListener("click", async () => {
        const { conversation, turn = "" } = from();
        const query = new URLSearchParams({ format, turn });
        const made = await page.api("GET", `page/conversations/${conversation}/export?${query}`);
        note.textContent = made.error || "";
        if (!made.error) take(made);
      });
      group.append(node);
    };
    group.append(make("span", { class: "export-label" }, words("export")));
    add("md", words("export_md"), save);
    add("html", words("export_html"), save);
    add("json", words("export_json"), save);
    add("html", words("export_print"), print);
    group.append(note);
    return group;
  };

  page.turnActions.push((turn) => {
    const open = () => {
      if (!box.firstChild) {
        const from = () => ({ conversation: page.openConversation(), turn: turn.view.id });
        box.append(page.buildExport(from, "export_answer"));
      }
      box.hidden = !box.hidden;
      button.setAttribute("aria-expanded", String(!box.hidden));
    };
    const button = page.iconButton("export", words("export_answer"), open);
    button.setAttribute("aria-expanded", "false");
    const box = make("div", { class: "turn-export", hidden: true });
    const update = (view) => {
      button.hidden = !view.saved;
      box.hidden = box.hidden || !view.saved;
    };
    return { nodes: [button, box], update };
  });

  function address(made) {
    return URL.createObjectURL(new Blob([made.text], { type: made.type + ";charset=utf-8" }));
  }

  function save(made) {
    const href = address(made);
    const link = make("a", { href, download: made.name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }

  /* The page of the export, in a window of its own: what is printed is what is sent along. */
  function print(made) {
    const href = address(made);
    const opened = window.open(href);
    if (!opened) return save(made);
    opened.addEventListener("load", () => opened.print());
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  }
})();
