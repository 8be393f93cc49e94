/* What can be done with an answer. Other scripts add theirs: page.turnActions.push((turn) => ({
   nodes, update(view) })), before the first turn is built. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, setText, words } = page;
  const SAID = 4000; // milliseconds that a word on what was done stands there

  page.turnActions = [];

  page.buildActions = (turn) => {
    const said = make("span", { class: "actions-said", role: "status" });
    const bar = make("div", { class: "actions", role: "group", "aria-label": words("actions") });
    const say = (text) => {
      setText(said, text);
      setTimeout(() => setText(said, ""), SAID);
    };
    const copy = (kind) => async () => say(words(await page.copied(turn.view.copy[kind])));
    const again = () => turn.ask({ question: turn.view.question, replaces: turn.view.id });
    const buttons = {
      text: page.iconButton("copy", words("copy"), copy("text")),
      markdown: page.iconButton("markdown", words("copy_markdown"), copy("markdown")),
      again: page.iconButton("again", words("ask_again"), again, "last-only"),
      undo: page.iconButton("undo", words("take_back"), () => turn.takeBack(), "last-only"),
    };
    const more = page.turnActions.map((build) => build(turn, say));
    bar.append(...Object.values(buttons), ...more.flatMap((one) => one.nodes), said);
    const update = (view) => {
      bar.hidden = page.isRunning(view);
      buttons.text.hidden = buttons.markdown.hidden = !view.copy;
      for (const one of more) one.update(view);
    };
    return { nodes: [bar], update };
  };

  /* Puts text on the clipboard; returns the key of what to say about it. */
  page.copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return "copied";
    } catch {
      return copiedByHand(text) ? "copied" : "copy_failed"; // no permission, or no safe address
    }
  };

  function copiedByHand(text) {
    const focused = document.activeElement;
    const field = make("textarea", { class: "sr-only", "aria-hidden": "true", tabindex: "-1" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (focused) focused.focus({ preventScroll: true });
    return done;
  }
})();
