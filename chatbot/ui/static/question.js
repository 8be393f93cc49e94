/* The question of a turn, which can be changed, and the query that was searched for, likewise. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, icon, setText, words } = page;

  page.buildQuestion = (turn) => {
    const heading = make("h2", { class: "question" });
    const button = page.iconButton("edit", words("edit_question"), edit, "edit-question");
    const node = make("header", { class: "turn-head" }, heading, button);
    function edit() {
      if (node.querySelector("form")) return;
      const form = page.editor({
        value: turn.view.question,
        label: words("edit_question"),
        note: laterTurns(turn),
        send: (question) => turn.ask({ question, replaces: turn.view.id }),
        close: () => {
          form.remove();
          heading.hidden = button.hidden = false;
          button.focus();
        },
      });
      heading.hidden = button.hidden = true;
      node.append(form);
      form.querySelector("textarea").focus();
    }
    turn.edit = edit;
    return { node, update: (view) => setText(heading, view.question) };
  };

  page.buildQuery = (turn) => {
    const text = make("span");
    const chip = make("button", { type: "button", class: "chip", title: words("searched_change") });
    chip.append(text, icon("edit"));
    const line = make("p", { class: "searched" }, words("searched_label") + " ", chip);
    const node = make("div", { class: "query", hidden: true }, line);
    chip.addEventListener("click", () => {
      const form = page.editor({
        value: turn.view.searched,
        label: words("searched_change"),
        note: laterTurns(turn),
        send: (query) =>
          turn.ask({
            question: turn.view.question,
            search_query: query,
            replaces: turn.view.id,
          }),
        close: () => {
          form.remove();
          line.hidden = false;
          chip.focus();
        },
      });
      line.hidden = true;
      node.append(form);
      form.querySelector("textarea").focus();
    });
    const update = (view) => {
      node.hidden = !view.searched;
      setText(text, view.searched);
      chip.setAttribute("aria-label", words("searched_chip", { query: view.searched }));
    };
    return { nodes: [node], update };
  };

  function laterTurns(turn) {
    let count = 0;
    for (let next = turn.node.nextElementSibling; next; next = next.nextElementSibling) count += 1;
    return count ? page.counted("edit_drops", count) : "";
  }

  let editors = 0;

  /* A field with what is there now: Enter sends it, Escape leaves it. */
  page.editor = ({ value, label, note, send, close }) => {
    const id = "editor-" + ++editors;
    const field = make("textarea", { id, rows: "1", autocomplete: "off" });
    field.value = value;
    const ok = make("button", { type: "submit", class: "strong-button" }, words("ask_again"));
    const no = make("button", { type: "button", class: "plain", onclick: close }, words("cancel"));
    const form = make("form", { class: "editor", novalidate: true });
    form.append(make("label", { class: "sr-only", for: id }, label), field);
    if (note) form.append(make("p", { class: "editor-note" }, note));
    form.append(make("div", { class: "editor-buttons" }, ok, no));
    field.addEventListener("input", () => page.fit(field));
    requestAnimationFrame(() => page.fit(field));
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        close();
      } else if (page.isSending(event)) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = field.value.trim();
      if (!words) return field.focus();
      close();
      send(words);
    });
    return form;
  };

  /* Enter sends; while an input method composes a word, Enter belongs to it. */
  page.isSending = (event) =>
    event.key === "Enter" &&
    !event.shiftKey &&
    !event.isComposing &&
    event.target.tagName === "TEXTAREA";

  page.fit = (field) => {
    field.style.height = "auto";
    field.style.height = field.scrollHeight + "px";
  };
})();
