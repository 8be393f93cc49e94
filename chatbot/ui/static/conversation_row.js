/* One saved conversation in the list, and the days it stands under. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, setText, words } = page;
  const DAY = 24 * 3600 * 1000;

  /* Rows by the day of their last change: [{ key, name, rows }], empty days left out. */
  page.byDay = (rows) => {
    const today = new Date().setHours(0, 0, 0, 0);
    const days = [
      { key: "today", name: words("day_today"), from: today },
      { key: "yesterday", name: words("day_yesterday"), from: today - DAY },
      { key: "week", name: words("day_week"), from: today - 7 * DAY },
      { key: "older", name: words("day_older"), from: -Infinity },
    ];
    for (const day of days) day.rows = [];
    for (const row of rows) {
      const at = new Date(row.updated).getTime();
      const found = days.find((day) => at >= day.from) || days[3];
      found.rows.push({ key: row.id, ...row });
    }
    return days.filter((day) => day.rows.length);
  };

  page.buildConversationRow = (row, { open, rename, remove }) => {
    const name = make("span", { class: "row-title" });
    const opener = make("button", { type: "button", class: "row-open" }, name);
    opener.addEventListener("click", () => open(row.id));
    const more = page.iconButton("more", "", () => toggle(), "more");
    more.setAttribute("aria-expanded", "false");
    const node = make("li", { "data-conversation": row.id }, opener, more);
    node.parts = { name, opener, more };

    function toggle() {
      if (closeBox()) return more.focus();
      const box = buildActions();
      more.setAttribute("aria-expanded", "true");
      showBox(box);
      box.querySelector("button").focus();
    }
    function showBox(box) {
      node.append(box);
      box.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.isComposing) return;
        event.preventDefault();
        closeBox();
        more.focus();
      });
    }
    function closeBox() {
      const box = node.querySelector(".row-box");
      if (box) box.remove();
      more.setAttribute("aria-expanded", "false");
      return Boolean(box);
    }
    function buildActions() {
      const button = (text, label, onclick, style = "plain") =>
        make("button", { type: "button", class: style, "aria-label": label, onclick }, text);
      const box = make("div", { class: "row-box", role: "group", "aria-label": name.textContent });
      const title = name.textContent;
      const renaming = words("rename_label", { title });
      const deleting = words("delete_label", { title });
      const change = make("div", { class: "row-buttons" });
      change.append(button(words("rename"), renaming, () => ask(buildRename())));
      change.append(button(words("delete"), deleting, () => ask(buildDelete()), "danger"));
      const exporting = page.buildExport(() => ({ conversation: row.id }), "export_conversation");
      box.append(change, exporting);
      if (page.sharing) box.append(page.buildSharing(row.id));
      return box;
    }
    function ask(box) {
      closeBox();
      showBox(box);
      (box.querySelector("input") || box.querySelector(".plain")).focus();
    }
    function buildRename() {
      const field = make("input", { autocomplete: "off", maxlength: "200" });
      field.setAttribute("aria-label", words("rename_title"));
      field.value = name.textContent;
      const save = make("button", { type: "submit", class: "strong-button" }, words("save"));
      const box = make("form", { class: "row-box" }, field, save);
      box.addEventListener("submit", async (event) => {
        event.preventDefault();
        const title = field.value.trim();
        closeBox();
        more.focus();
        if (title && title !== name.textContent) await rename(row.id, title);
      });
      setTimeout(() => field.select());
      return box;
    }
    function buildDelete() {
      const box = make("div", { class: "row-box", role: "group" });
      box.setAttribute("aria-label", words("delete_label", { title: name.textContent }));
      const yes = make("button", { type: "button", class: "danger" }, words("delete"));
      const no = make("button", { type: "button", class: "plain" }, words("keep"));
      yes.addEventListener("click", () => remove(row.id));
      no.addEventListener("click", () => {
        closeBox();
        more.focus();
      });
      box.append(make("p", {}, words("delete_question")), make("div", { class: "row-buttons" }, yes, no));
      return box;
    }
    return node;
  };

  page.updateConversationRow = (node, row) => {
    const { name, opener, more } = node.parts;
    setText(name, row.title);
    opener.title = row.title;
    const label = words("more_label", { title: row.title });
    more.setAttribute("aria-label", label);
    more.title = label;
  };
})();
