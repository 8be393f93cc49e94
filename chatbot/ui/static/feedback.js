/* What a person thinks of an answer: up or down, and a remark if they like. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;
  const RATINGS = { up: 1, down: -1, "": null };

  page.turnActions.push((turn, say) => {
    let kept = { rating: "", remark: "" };
    let known = false; // what the server has is shown once: after that the page knows better
    const button = (rating, text) => {
      const node = page.iconButton(rating, text, () => choose(rating), "rate");
      node.setAttribute("aria-pressed", "false");
      return node;
    };
    const buttons = { up: button("up", words("rate_up")), down: button("down", words("rate_down")) };
    const group = make("span", { class: "feedback", role: "group" }, buttons.up, buttons.down);
    group.setAttribute("aria-label", words("rate_group"));
    const field = make("textarea", { rows: "2", maxlength: "2000" });
    const save = make("button", { type: "submit", class: "plain" }, words("remark_save"));
    const label = make("label", {}, words("remark_label"), field);
    const form = make("form", { class: "remark", hidden: true }, label, save);
    const away = () => {
      form.hidden = true;
      buttons[kept.rating || "up"].focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send({ rating: kept.rating, remark: field.value.trim() });
      away();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      away();
    });

    function choose(rating) {
      const again = kept.rating === rating; // the same once more takes it back
      send(again ? { rating: "", remark: "" } : { rating, remark: kept.remark });
      form.hidden = again;
      if (!again) field.focus();
    }
    async function send(wanted) {
      const before = kept;
      show(wanted);
      const sent = { ...wanted, rating: RATINGS[wanted.rating] };
      const done = await page.api("PUT", `api/turns/${turn.view.id}/rating`, sent);
      if (done.error) show(before);
      if (done.error) say(words("rate_failed", { reason: done.error }));
      else if (wanted.rating) say(words("rate_kept"));
    }
    function show(state) {
      kept = state;
      for (const [name, node] of Object.entries(buttons)) {
        node.setAttribute("aria-pressed", String(name === kept.rating));
      }
      field.value = kept.remark;
    }
    /* Only an answer that is kept can be rated. */
    function update(view) {
      group.hidden = !view.saved;
      if (!view.saved || known) return;
      known = true;
      const rating = Object.keys(RATINGS).find((one) => RATINGS[one] === (view.rating || null));
      show({ rating, remark: view.remark || "" });
    }
    return { nodes: [group, form], update };
  });
})();
