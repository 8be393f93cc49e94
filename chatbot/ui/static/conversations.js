/* The saved conversations: a list beside the page, a sheet over it where there is no room. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { counted, keyed, make, setText, words } = page;
  const OPEN = "chatbot.conversation"; // for this tab alone: two tabs may show two conversations
  const PAUSE = 200; // milliseconds without typing before it is searched

  const address = (id) => `api/conversations/${id}`;

  page.conversations = ({ element }) => {
    let rows = []; // the latest first
    let current = "";
    let query = "";
    let searches = 0;

    const title = make("h2", { id: "conversations-title", tabindex: "-1" }, words("conversations"));
    const close = page.iconButton("close", words("close"), page.closePanel, "close");
    const search = make("input", { type: "search", class: "search", autocomplete: "off" });
    search.maxLength = 500;
    search.placeholder = words("conversations_search");
    search.setAttribute("aria-label", words("conversations_search"));
    const list = make("div", { class: "days" });
    const note = make("p", { class: "conversations-note" });
    const said = make("p", { class: "sr-only", role: "status" });
    const head = make("header", { class: "conversations-head" }, title, close, search);
    const label = { "aria-labelledby": "conversations-title", "data-layer": "conversations" };
    const panel = make("section", { class: "conversations", ...label }, head, list, note, said);
    element.firstElementChild.append(panel);

    async function refresh() {
      const turn = ++searches;
      const path = "api/conversations?query=" + encodeURIComponent(query);
      const found = await page.api("GET", path);
      if (turn !== searches) return; // the words have changed since
      rows = (found.conversations || []).filter((row) => row.turn_count);
      show(found.error);
      if (query && !found.error) setText(said, counted("conversations_found", rows.length));
    }
    function show(error = "") {
      keyed(list, page.byDay(rows), buildDay, fillDay);
      mark();
      search.hidden = !rows.length && !query && document.activeElement !== search;
      const empty = query ? words("conversations_not_found") : words("conversations_empty");
      setText(note, error || (rows.length ? "" : empty));
      note.classList.toggle("wrong", Boolean(error));
    }
    function buildDay(day) {
      return make("section", {}, make("h3", {}, day.name), make("ul"));
    }
    function fillDay(node, day) {
      const build = (row) => page.buildConversationRow(row, { open, rename, remove });
      keyed(node.lastChild, day.rows, build, page.updateConversationRow);
    }
    function mark() {
      for (const node of list.querySelectorAll("li[data-conversation]")) {
        const on = node.dataset.conversation === current;
        node.classList.toggle("current", on);
        node.querySelector(".row-open").setAttribute("aria-current", on ? "true" : "false");
      }
    }

    function open(id) {
      page.emit("open-conversation", id);
      page.closePanel();
    }
    async function rename(id, name) {
      const done = await page.api("PATCH", address(id), { title: name });
      if (!done.error) put(done, rows.findIndex((row) => row.id === id));
      show(done.error);
    }
    async function remove(id) {
      const done = await page.api("DELETE", address(id));
      if (!done.error) rows = rows.filter((row) => row.id !== id);
      show(done.error);
      if (done.error) return;
      title.focus({ preventScroll: true });
      if (id === current) page.emit("conversation-deleted", id);
    }
    function put(row, place = 0) {
      rows = rows.filter((one) => one.id !== row.id);
      rows.splice(Math.max(place, 0), 0, row);
    }

    let pause = 0;
    search.addEventListener("input", () => {
      query = search.value.trim();
      clearTimeout(pause);
      pause = setTimeout(refresh, PAUSE);
    });
    page.on("saved", (row) => {
      if (query) return refresh();
      put(row);
      show();
    });
    page.on("undone", refresh);
    page.on("conversation", (id) => {
      current = id || "";
      if (current) sessionStorage.setItem(OPEN, current);
      else sessionStorage.removeItem(OPEN);
      mark();
    });
    page.on("panel", (name) => {
      if (name === "conversations") title.focus({ preventScroll: true });
    });
    page.on("search-conversations", () => {
      page.showConversations(true);
      search.focus();
    });

    refresh();
    const kept = sessionStorage.getItem(OPEN);
    if (kept) page.emit("open-conversation", kept);
  };

  /* Beside the page where there is room, and until it is put away; else a panel over it. */
  const HIDDEN = "chatbot.conversations-hidden";
  const roomy = window.matchMedia("(min-width: 1200px)");
  const away = () => localStorage.getItem(HIDDEN) === "1";
  page.conversationsShown = () =>
    roomy.matches ? !away() : page.panel() === "conversations";
  page.showConversations = (on) => {
    if (roomy.matches) {
      if (on) localStorage.removeItem(HIDDEN);
      else localStorage.setItem(HIDDEN, "1");
      settle();
    } else if (on) page.openPanel("conversations");
    else page.closePanel();
  };
  function settle() {
    document.body.dataset.conversations = roomy.matches && !away() ? "beside" : "";
    if (roomy.matches && page.panel() === "conversations") page.closePanel();
    page.emit("conversations-shown", page.conversationsShown());
  }
  roomy.addEventListener("change", settle);
  page.on("panel", () => page.emit("conversations-shown", page.conversationsShown()));

  /* The button in the page's head. */
  page.buildConversationsButton = () => {
    const label = words("conversations");
    const toggle = () => page.showConversations(!page.conversationsShown());
    const button = page.iconButton("conversations", label, toggle, "open-conversations");
    const tell = (on) => button.setAttribute("aria-expanded", String(on));
    page.on("conversations-shown", tell);
    settle();
    return button;
  };
})();
