/* Collections: choosing one, making, renaming and deleting them, and what is in which. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { counted, make, words } = page;
  const MOST_SENT = 1000; // documents at once

  /* Over the list of documents. change(method, id, values) asks the server, and returns what came of
     it, null where nothing did. */
  page.buildCollections = (change) => {
    const select = make("select", { id: "collection" });
    const label = make("label", { for: "collection" }, words("collection"));
    const plus = page.iconButton("plus", words("collection_new"), () => toggle(plus, buildNew));
    const edit = page.iconButton("edit", "", () => toggle(edit, buildEdit));
    for (const button of [plus, edit]) button.setAttribute("aria-expanded", "false");
    const line = make("div", { class: "collection-line" }, label, select, plus, edit);
    const node = make("div", { class: "collections" }, line);
    let opened = null; // the button whose box is open

    select.addEventListener("change", () => page.chooseCollection(select.value));
    function toggle(button, build) {
      const again = opened === button;
      leave(button);
      if (again) return;
      opened = button;
      button.setAttribute("aria-expanded", "true");
      const box = build();
      closedByEscape(box, () => leave(button));
      node.append(box);
      box.querySelector("input").focus();
    }
    function leave(focused) {
      if (!opened) return;
      opened.setAttribute("aria-expanded", "false");
      opened = null;
      node.lastChild.remove();
      focused.focus();
    }
    function buildNew() {
      const some = page.choiceOf() === "some" ? page.chosenDocuments() : [];
      const note = some.length ? counted("collection_with", some.length) : "";
      return buildName(words("collection_create"), "", note, async (name) => {
        if (await create(change, name, some)) leave(select);
      });
    }
    function buildEdit() {
      const { id, name } = page.collection();
      const drop = make("button", { type: "button", class: "danger" }, words("delete"));
      const box = buildName(words("rename"), name, "", async (next) => {
        if (await change("PATCH", id, { name: next })) leave(edit);
      });
      box.querySelector(".buttons").append(drop);
      drop.addEventListener("click", () => {
        const yes = make("button", { type: "button", class: "danger" }, words("delete"));
        const no = make("button", { type: "button", class: "plain" }, words("keep"));
        const question = make("p", {}, words("collection_delete", { name }));
        box.replaceChildren(question, make("div", { class: "buttons" }, yes, no));
        yes.addEventListener("click", async () => {
          if (await change("DELETE", id)) leave(select);
        });
        no.addEventListener("click", () => leave(edit));
        no.focus();
      });
      return box;
    }

    function update() {
      const current = page.collection();
      const option = (value, text) => make("option", { value }, text);
      const rows = (own) =>
        page
          .collections()
          .filter((one) => one.own === own)
          .map((one) => option(one.id, words("collection_of", { name: one.name, count: one.documents.size })));
      const everybodys = rows(false);
      const others = make("optgroup", { label: words("collection_everybodys") }, ...everybodys);
      const all = option("", words("all_documents"));
      select.replaceChildren(all, ...rows(true), ...(everybodys.length ? [others] : []));
      select.value = current ? current.id : "";
      edit.hidden = !current || !current.own;
      if (current) {
        const name = words("collection_edit", { name: current.name });
        edit.setAttribute("aria-label", name);
        edit.title = name;
      } else if (opened === edit) leave(select);
    }
    page.on("choice", update);
    update();
    return { node };
  };

  /* Below a document: which collections it is in, each to be ticked, and a new one. */
  page.openMembership = (row, one, button, change) => {
    const open = row.querySelector(".membership");
    const leave = () => {
      row.querySelector(".membership").remove();
      button.setAttribute("aria-expanded", "false");
      button.focus();
    };
    if (open) return leave();
    button.setAttribute("aria-expanded", "true");
    const box = make("div", { class: "membership", role: "group" });
    box.setAttribute("aria-label", words("in_label", { title: one.title }));
    for (const { id, name, own, documents } of page.collections()) {
      if (!own) continue;
      const tick = make("input", { type: "checkbox", class: "use" });
      tick.checked = documents.has(one.id);
      tick.addEventListener("change", async () => {
        const way = tick.checked ? "put" : "take";
        const done = await change("PATCH", id, { [way]: [one.id] });
        if (!done) tick.checked = !tick.checked;
      });
      box.append(make("label", {}, tick, make("span", {}, name)));
    }
    const form = buildName(words("collection_create"), "", "", async (name) => {
      if (await create(change, name, [one.id])) leave();
    });
    box.append(form);
    closedByEscape(box, leave);
    row.append(box);
    box.querySelector("input").focus();
  };

  async function create(change, name, documents) {
    const made = await change("POST", "", { name, documents: documents.slice(0, MOST_SENT) });
    if (!made) return false;
    for (let at = MOST_SENT; at < documents.length; at += MOST_SENT) {
      await change("PATCH", made.id, { put: documents.slice(at, at + MOST_SENT) });
    }
    page.chooseCollection(made.id);
    return true;
  }

  function buildName(verb, value, note, done) {
    const field = make("input", { class: "name", autocomplete: "off", maxlength: "100" });
    field.value = value;
    field.placeholder = words("collection_name");
    field.setAttribute("aria-label", words("collection_name"));
    const ok = make("button", { type: "submit", class: "strong-button" }, verb);
    const form = make("form", { class: "collection-form", novalidate: true });
    form.append(field, make("div", { class: "buttons" }, ok));
    if (note) form.append(make("p", { class: "note" }, note));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim()) done(field.value.trim());
      else field.focus();
    });
    return form;
  }

  function closedByEscape(box, leave) {
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      leave();
    });
  }
})();
