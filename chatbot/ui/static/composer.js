/* The welcome with its starting questions, and the field to ask in. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, setText, words } = page;
  const EXAMINED = "chatbot.examined"; // the line that was said last
  const LOOK_AGAIN = 5000; // milliseconds
  const DRAFT = "chatbot.draft"; // what stood in the field when the page was left

  page.buildWelcome = (ask) => {
    const body = make("p", {}, words("welcome_body"));
    const questions = make("div");
    const found = make("p", { class: "model-line", role: "status" });
    const node = make("div", { class: "welcome" }, make("h2", {}, words("welcome_title")), body);
    node.append(questions, found);
    if (page.mode.name) showExamined(found);
    const update = ({ documents, starters }) => {
      setText(body, words(documents.length ? "welcome_body" : "welcome_empty"));
      const label = { "aria-label": words("starters_label") };
      questions.replaceChildren(page.questionList(starters, ask, label));
    };
    return { node, update };
  };

  /* What was found of the model when the server started; once known it is said once. */
  async function showExamined(slot) {
    const answer = await fetch("api/model").catch(() => null);
    const { examined, line } = answer && answer.ok ? await answer.json() : {};
    if (examined && !line) setTimeout(() => showExamined(slot), LOOK_AGAIN);
    if (!line || localStorage.getItem(EXAMINED) === line) return;
    setText(slot, words("model_examined", { line }));
    localStorage.setItem(EXAMINED, line);
  }

  page.buildComposer = ({ ask, stop, editLast, waiting }) => {
    let busy = false;
    const field = make("textarea", { id: "question", rows: "1", autocomplete: "off" });
    field.placeholder = words("ask_placeholder");
    const label = make("label", { class: "sr-only", for: "question" }, words("ask_label"));
    const button = make("button", { type: "submit", class: "send" });
    const note = make("p", { class: "composer-note", role: "status" });
    const box = make("div", { class: "composer-box" }, label, field, button);
    const choice = make("div", { class: "choice-line" }, page.buildChoice());
    const node = make("form", { class: "composer", novalidate: true }, choice, box, note);

    const setBusy = (now) => {
      busy = now;
      const text = words(busy ? "stop" : "ask");
      button.replaceChildren(icon(busy ? "stop" : "send"));
      button.setAttribute("aria-label", text);
      button.title = text;
      node.classList.toggle("busy", busy);
    };
    const say = (key, wrong = false) => {
      setText(note, words(key));
      note.classList.toggle("wrong", wrong);
    };
    field.addEventListener("input", () => {
      page.fit(field);
      say("ask_hint");
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "ArrowUp" && !field.value && editLast()) event.preventDefault();
      if (!page.isSending(event)) return;
      event.preventDefault();
      if (!busy) node.requestSubmit();
    });
    node.addEventListener("submit", (event) => {
      event.preventDefault();
      if (busy) return stop();
      const question = field.value.trim();
      const nothing = page.choiceOf() === "none" && "ask_none_chosen";
      const wrong = nothing || (!question && "ask_empty");
      say(wrong || "ask_hint", Boolean(wrong));
      field.focus();
      if (wrong) return;
      field.value = "";
      page.fit(field);
      ask({ question });
    });
    /* A question comes back to the field; what was typed there meanwhile is kept. */
    const fill = (question, reason = "ask_hint") => {
      if (!field.value) field.value = question;
      page.fit(field);
      say(reason, reason !== "ask_hint");
    };
    /* Whoever loads the page anew: the reader, this page or Gradio, which does so by itself when its
       server is back. A question that no answer has begun to is kept too. */
    window.addEventListener("pagehide", () => {
      sessionStorage.setItem(DRAFT, field.value || waiting());
    });
    field.value = sessionStorage.getItem(DRAFT) || "";
    requestAnimationFrame(() => page.fit(field));
    say("ask_hint");
    setBusy(false);
    return { node, setBusy, fill, focus: () => field.focus() };
  };
})();
