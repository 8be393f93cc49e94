/* A read-only link to a conversation: made, shown this once, and taken back. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;

  page.buildSharing = (conversation) => {
    const address = `api/conversations/${conversation}/links`;
    const add = make("button", { type: "button", class: "plain" }, words("share_make"));
    const made = make("div", { class: "share-made", hidden: true });
    const list = make("ul", { class: "share-links" });
    const note = make("p", { class: "share-note", role: "status" });
    const group = make("div", { class: "share", role: "group", "aria-label": words("share") });
    group.append(make("span", { class: "export-label" }, words("share")), add, made, list, note);

    function say(text, wrong = false) {
      note.textContent = text;
      note.classList.toggle("wrong", wrong);
    }
    function show(link) {
      const until = words("share_until", { day: day(link.expires) });
      const label = words("share_revoke_label", { day: day(link.expires) });
      const take = make("button", { type: "button", class: "plain", "aria-label": label });
      take.append(words("share_revoke"));
      const row = make("li", {}, make("span", {}, until), take);
      take.addEventListener("click", async () => {
        const done = await page.api("DELETE", `api/links/${link.id}`);
        if (done.error) return say(done.error, true);
        row.remove();
        if (made.dataset.link === link.id) made.hidden = true;
        say(words("share_revoked"));
        add.focus();
      });
      list.append(row);
    }
    add.addEventListener("click", async () => {
      const done = await page.api("POST", address, {});
      if (done.error) return say(done.error, true);
      const field = make("input", { readonly: true, "aria-label": words("share_address") });
      field.value = new URL("shared/" + done.token, window.location.href).href;
      const copy = make("button", { type: "button", class: "strong-button" }, words("share_copy"));
      copy.addEventListener("click", async () => say(words(await page.copied(field.value))));
      made.replaceChildren(field, copy);
      made.dataset.link = done.id;
      made.hidden = false;
      show(done);
      say(words("share_made"));
      field.focus();
      field.select();
    });
    page.api("GET", address).then((found) => {
      for (const link of found.links || []) show(link);
    });
    return group;
  };

  function day(iso) {
    return new Intl.DateTimeFormat(page.language, { dateStyle: "medium" }).format(new Date(iso));
  }
})();
