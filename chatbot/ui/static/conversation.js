/* The head of the page, the transcript and the question field. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, setText, words } = page;

  page.conversation = ({ element, props, watch, send }) => {
    const turns = new Map();
    const left = new Set(); // conversations that were ended: what still comes from them is void
    let conversation = null;
    let busy = false;
    let asked = null; // the question that no turn has begun with yet

    const list = make("div", { class: "turns" });
    const welcome = buildWelcome((question) => ask(question));
    const transcript = make("div", { class: "transcript", tabindex: "-1" }, welcome.node, list);
    const said = make("div", { class: "sr-only", role: "status", "aria-live": "polite" });
    const composer = buildComposer({ ask, stop });
    const label = words("conversation");
    document.title = words("title"); // Gradio sets its own, in the language the program has
    const section = make("section", { class: "conversation", "aria-label": label });
    section.append(transcript, composer.node, said);
    const skip = make("a", { class: "skip", href: "#question" }, words("skip"));
    element.firstElementChild.append(skip, buildHeader(reset), section);

    function ask(question) {
      asked = question;
      setBusy(true);
      send.ask({ question });
    }
    function giveBack(reason) {
      if (!busy) return;
      composer.giveBack(asked || "", words(reason));
      asked = null;
      setBusy(false);
    }
    function stop() {
      send.stop();
      // The last state of the turn comes at once; if the server is gone, the field is free again.
      setTimeout(() => setBusy(false), 1500);
    }
    function reset() {
      if (conversation) left.add(conversation);
      conversation = null;
      turns.clear();
      list.replaceChildren();
      welcome.node.hidden = false;
      section.classList.remove("begun");
      setText(said, "");
      page.emit("active", null);
      setBusy(false);
      send.reset();
      composer.focus();
    }
    function setBusy(now) {
      busy = now;
      composer.setBusy(now);
    }

    function onValue() {
      const value = props.value;
      if (!value || left.has(value.conversation)) return;
      conversation = value.conversation;
      const view = value.turn;
      const turn = turns.get(view.id) || begin(view);
      turn.update(view);
      const running = view.state === "waiting" || view.state === "streaming";
      if (running !== busy) setBusy(running);
      page.emit("active", view);
      if (running) setText(said, view.status);
      else finish(view);
    }
    function begin(view) {
      const turn = page.buildTurn(view);
      asked = null;
      turns.set(view.id, turn);
      welcome.node.hidden = true;
      section.classList.add("begun");
      list.append(turn.node);
      turn.node.scrollIntoView({ behavior: page.motion(), block: "start" });
      return turn;
    }
    function finish(view) {
      setText(said, view.said || view.error || view.status);
      if (page.isWide() && view.citations.length) {
        page.emit("show", { target: view.citations[0], focus: false, quiet: true });
      }
    }

    page.on("documents", (documents) => welcome.update(documents));
    page.on("untaken", () => giveBack("ask_untaken"));
    page.on("lost", () => giveBack("lost"));
    setInterval(() => busy && page.check(), 3000);
    watch("value", onValue);
    onValue();
  };

  function buildHeader(reset) {
    const name = make("h1", { class: "page-title" }, words("title"));
    const count = make("span", { class: "count" });
    const button = (name, text, onclick) =>
      make("button", { type: "button", class: "quiet", onclick, "aria-label": text }, icon(name));
    const documents = button("documents", words("documents"), () =>
      page.panel() === "documents" ? page.closePanel() : page.openPanel("documents"),
    );
    documents.append(make("span", { class: "wide-only" }, words("documents")), count);
    documents.classList.add("open-documents");
    documents.setAttribute("aria-expanded", "false");
    const fresh = button("plus", words("new_conversation"), reset);
    fresh.append(make("span", { class: "wide-only" }, words("new_conversation")));
    fresh.classList.add("new-conversation");
    page.on("documents", (list) => setText(count, String(list.documents.length)));
    page.on("panel", (open) => documents.setAttribute("aria-expanded", String(open === "documents")));
    return make("header", { class: "page-header" }, name, buildMode(), documents, fresh);
  }

  function buildMode() {
    const { mode } = page;
    const details = make("details", { class: "mode" });
    const card = make("div", { class: "mode-card" });
    const model = mode.name;
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

  function buildWelcome(ask) {
    const body = make("p", {}, words("welcome_body"));
    const questions = make("ul", { class: "starters", "aria-label": words("starters_label") });
    const node = make("div", { class: "welcome" }, make("h2", {}, words("welcome_title")), body);
    node.append(questions);
    const update = ({ documents, starters }) => {
      setText(body, words(documents.length ? "welcome_body" : "welcome_empty"));
      const button = (question) =>
        make("button", { type: "button", onclick: () => ask(question) }, question);
      questions.replaceChildren(...starters.map((one) => make("li", {}, button(one))));
    };
    return { node, update };
  }

  function buildComposer({ ask, stop }) {
    let busy = false;
    const field = make("textarea", { id: "question", rows: "1", autocomplete: "off" });
    field.placeholder = words("ask_placeholder");
    const label = make("label", { class: "sr-only", for: "question" }, words("ask_label"));
    const button = make("button", { type: "submit", class: "send" });
    const note = make("p", { class: "composer-note", role: "status" });
    const box = make("div", { class: "composer-box" }, label, field, button);
    const node = make("form", { class: "composer", novalidate: true }, box, note);

    const fit = () => {
      field.style.height = "auto";
      field.style.height = field.scrollHeight + "px";
    };
    const setBusy = (now) => {
      busy = now;
      const text = words(busy ? "stop" : "ask");
      button.replaceChildren(icon(busy ? "stop" : "send"));
      button.setAttribute("aria-label", text);
      button.title = text;
      node.classList.toggle("busy", busy);
    };
    field.addEventListener("input", () => {
      fit();
      setText(note, words("ask_hint"));
      note.classList.remove("wrong");
    });
    field.addEventListener("keydown", (event) => {
      // While an input method composes a word, Enter belongs to it.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      if (!busy) node.requestSubmit();
    });
    node.addEventListener("submit", (event) => {
      event.preventDefault();
      if (busy) {
        stop();
        return;
      }
      const question = field.value.trim();
      setText(note, words(question ? "ask_hint" : "ask_empty"));
      note.classList.toggle("wrong", !question);
      field.focus();
      if (!question) return;
      field.value = "";
      fit();
      ask(question);
    });
    const giveBack = (question, reason) => {
      if (!field.value) field.value = question;
      fit();
      setText(note, reason);
      note.classList.add("wrong");
    };
    setText(note, words("ask_hint"));
    setBusy(false);
    return { node, setBusy, giveBack, focus: () => field.focus() };
  }
})();
