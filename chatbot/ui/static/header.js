/* The head of the page: its name, who answers, documents, a new conversation, the shortcuts. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, setText, words } = page;

  page.buildHeader = (reset) => {
    const name = make("h1", { class: "page-title" }, words("title"));
    const count = make("span", { class: "count" });
    const documents = page.iconButton("documents", words("documents"), () =>
      page.panel() === "documents" ? page.closePanel() : page.openPanel("documents"),
    );
    documents.append(make("span", { class: "wide-only" }, words("documents")), count);
    documents.classList.add("open-documents");
    documents.setAttribute("aria-expanded", "false");
    const fresh = page.iconButton("plus", words("new_conversation"), reset, "new-conversation");
    fresh.append(make("span", { class: "wide-only" }, words("new_conversation")));
    const keys = page.iconButton("keys", words("shortcuts"), page.showShortcuts, "show-shortcuts");
    const leave = buildLogOut();
    page.on("documents", (list) => {
      setText(count, String(list.documents.length));
      leave.hidden = !list.login;
      if (list.login) leave.title = words("log_out", { name: list.login });
    });
    page.on("panel", (open) => documents.setAttribute("aria-expanded", String(open === "documents")));
    const parts = [page.buildConversationsButton(), name, buildMode(), documents, fresh, keys, leave];
    return make("header", { class: "page-header", "data-layer": "page" }, ...parts);
  };

  /* Only for those who logged in with a token. A form would send no origin, and be refused. */
  function buildLogOut() {
    const leave = async () => {
      await fetch("logout", { method: "POST" });
      window.location.assign("login");
    };
    const button = page.iconButton("leave", words("log_out_label"), leave, "log-out");
    button.hidden = true;
    return button;
  }

  function buildMode() {
    const model = page.mode.name;
    const details = make("details", { class: "mode" });
    const card = make("div", { class: "mode-card" });
    const title = model ? words("mode_model_title", { model }) : words("mode_extractive_title");
    card.append(make("strong", {}, title));
    card.append(make("p", {}, words(model ? "mode_model_body" : "mode_extractive_body")));
    if (!model) {
      card.append(make("p", {}, words("mode_extractive_hint")));
      card.append(make("code", {}, words("mode_extractive_code")));
    }
    const name = model || words("mode_extractive");
    const label = words("mode_label", { name });
    details.append(make("summary", { "aria-label": label }, make("span", {}, name)), card);
    document.addEventListener("click", (event) => {
      if (!details.contains(event.target)) details.open = false;
    });
    details.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !details.open) return;
      details.open = false;
      details.firstChild.focus();
      event.preventDefault();
    });
    return details;
  }
})();
