/* Keys for everything, listed under "?". Single keys can be switched off (WCAG 2.1.4). */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;
  const KEPT = "chatbot-shortcuts";

  const isOn = () => localStorage.getItem(KEPT) !== "off";
  const transcript = () => document.querySelector(".transcript");
  const turns = () => [...document.querySelectorAll(".turn")];

  const KEYS = [
    ["?", "key_help", () => page.showShortcuts()],
    ["/", "key_ask", () => document.getElementById("question").focus()],
    ["j", "key_next", () => step(1)],
    ["k", "key_previous", () => step(-1)],
    ["m", "key_marker", () => mark(1)],
    ["Shift+M", "key_marker_back", () => mark(-1)],
    ["e", "key_edit", () => page.emit("edit-last")],
    ["d", "key_documents", () => press(".open-documents")],
    ["s", "key_source", () => openSource()],
    ["n", "key_new", () => press(".new-conversation")],
    ["c", "key_conversations", () => page.emit("search-conversations")],
    ["Escape", "key_escape", null],
    ["↑", "key_up", null],
  ];

  function step(by) {
    const all = turns();
    const now = all.indexOf(document.activeElement.closest(".turn"));
    const next = all[now < 0 ? all.length - 1 : Math.min(Math.max(now + by, 0), all.length - 1)];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ behavior: page.motion(), block: "start" });
  }
  function mark(by) {
    const all = [...transcript().querySelectorAll(".answer-body .marker:not(:disabled)")];
    const last = turns().pop();
    let at = all.indexOf(document.activeElement);
    if (at < 0) at = all.findIndex((one) => last.contains(one)) - (by > 0 ? 1 : 0);
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    if (next) next.focus({ focusVisible: true });
  }
  function press(selector) {
    const button = document.querySelector(selector);
    if (button) button.click();
  }
  function openSource() {
    if (!page.isWide()) return page.openPanel("source");
    page.closePanel();
    document.querySelector(".source-text").focus({ focusVisible: true });
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
    if (!isOn()) return;
    const pressed = event.shiftKey && event.key === "M" ? "Shift+M" : event.key;
    const found = KEYS.find(([key, , work]) => work && key === pressed);
    if (!found) return;
    event.preventDefault();
    found[2]();
  });

  const row = ([key, text]) => [
    make("dt", {}, make("kbd", {}, key)),
    make("dd", {}, words(text)),
  ];
  const dialog = make("dialog", { class: "shortcuts", "aria-labelledby": "shortcuts-title" });
  function build() {
    const box = make("input", { type: "checkbox", id: "shortcuts-on" });
    box.checked = isOn();
    box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "on" : "off"));
    const label = make("label", { for: box.id }, box, words("shortcuts_on"));
    const close = page.iconButton("close", words("close"), () => dialog.close(), "close");
    const title = make("h2", { id: "shortcuts-title" }, words("shortcuts"));
    dialog.append(title, close, make("dl", {}, ...KEYS.flatMap(row)), label);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }
  page.shortcutsNode = dialog;
  page.showShortcuts = () => {
    if (!dialog.firstChild) build();
    page.hideCard();
    dialog.showModal();
  };
})();
