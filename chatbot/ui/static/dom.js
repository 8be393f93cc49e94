/* What the other scripts stand on: building nodes, keeping nodes by key, telling each other.
   Text becomes a node only as text. Nothing here, or elsewhere, sets markup from a string. */
(() => {
  "use strict";
  const page = window.chatbotPage;

  /* The first language of the browser that there are texts in, else the first there is. */
  const spoken = navigator.languages.map((tag) => tag.split("-")[0].toLowerCase());
  const known = Object.keys(page.languages);
  page.language = spoken.find((one) => known.includes(one)) || known[0];
  document.documentElement.lang = page.language;
  const texts = page.languages[page.language];
  const plural = new Intl.PluralRules(page.language);

  const fill = (text, values) =>
    text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  page.words = (key, values = {}) => fill(texts[key], values);
  page.counted = (key, count, values = {}) => {
    const forms = texts[key];
    return fill(forms[plural.select(count)] || forms.other, { count, ...values });
  };

  /* make("button", { class: "chip", "aria-label": "…", onclick: f }, "text", node) */
  page.make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children);
    return node;
  };

  const ICONS = {
    send: "M12 19V5M6 11l6-6 6 6",
    stop: "M8 8h8v8H8z",
    plus: "M12 5v14M5 12h14",
    close: "M6 6l12 12M18 6L6 18",
    documents: "M7 3h7l4 4v14H7zM14 3v4h4",
    collections: "M4 7h6l2 2h8v10H4z",
    link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
    remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
    quoted: "M6 17h3l2-4V7H5v6h3zM14 17h3l2-4V7h-6v6h3z",
    supported: "M6 12.5l4 4 8-9",
    catalogue: "M8 7h10M8 12h10M8 17h10M5 7h.5M5 12h.5M5 17h.5",
    computed: "M17 6H7l5 6-5 6h10",
    partly: "M12 5a7 7 0 1 1 0 14a7 7 0 1 1 0-14zM12 5a7 7 0 1 0 0 14z",
    unsupported: "M12 6v8M12 17.5v.5",
    contradicted: "M7 10h10M7 14h10M15 6l-6 12",
    unchecked: "M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8v.3",
    notice: "M12 7.5v5.5M12 16.3v.4",
    none: "M7 7l10 10",
    copy: "M9 9V5h10v10h-4M5 9h10v10H5z",
    markdown: "M4 7h16v10H4zM7 14v-4l2 2 2-2v4M16 10v4M14.5 12.5L16 14l1.5-1.5",
    again: "M19 12a7 7 0 1 1-2-5l2 2M19 5v4h-4",
    edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
    undo: "M9 7L5 11l4 4M5 11h9a4.5 4.5 0 0 1 0 9h-3",
    keys: "M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M12 16.8v.3",
    open: "M9 6l6 6-6 6",
    leave: "M14 5H6v14h8M11 12h9M17 9l3 3-3 3",
    conversations: "M4 6h16M4 12h16M4 18h10",
    more: "M6 12h.01M12 12h.01M18 12h.01",
    up: "M8 20H5v-9h3zM8 11l4-7c1.5 0 2.3 1 2 2.5L13.3 10H18c1 0 1.7 1 1.4 2l-1.7 6.6c-.2.9-.9 1.4-1.8 1.4H8",
    down: "M8 4H5v9h3zM8 13l4 7c1.5 0 2.3-1 2-2.5L13.3 14H18c1 0 1.7-1 1.4-2l-1.7-6.6c-.2-.9-.9-1.4-1.8-1.4H8",
    export: "M12 4v11M8 11l4 4 4-4M5 19h14",
  };

  /* Drawn here, so that no image is fetched. Says nothing to a screen reader. */
  page.icon = (name) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", "icon icon-" + name);
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  };

  /* Make the children of `parent` those of `items`, by key. A node whose key stays is neither
     replaced nor moved, so it keeps the focus and the mouse; it is only told when it changed. */
  page.keyed = (parent, items, create, update) => {
    const known = parent.keyedNodes || (parent.keyedNodes = new Map());
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, kept] of known) {
      if (wanted.has(key)) continue;
      kept.node.remove();
      known.delete(key);
    }
    let next = parent.firstChild;
    for (const item of items) {
      const told = JSON.stringify(item);
      let kept = known.get(item.key);
      if (!kept) {
        kept = { node: create(item), told: null };
        known.set(item.key, kept);
      }
      if (kept.node === next) next = next.nextSibling;
      else parent.insertBefore(kept.node, next);
      if (kept.told !== told) update(kept.node, item);
      kept.told = told;
    }
  };

  /* Set text only where it changed, growing the text that is there: what is selected stays so. */
  page.setText = (node, text) => {
    const only = node.childNodes.length === 1 && node.firstChild.nodeType === Node.TEXT_NODE;
    const before = only ? node.firstChild.data : null;
    if (before === text) return;
    if (before && text.startsWith(before)) node.firstChild.appendData(text.slice(before.length));
    else if (text && before && before.startsWith(text)) {
      node.firstChild.deleteData(text.length, before.length - text.length);
    } else node.textContent = text;
  };

  /* A button that shows an icon and says what it does. */
  page.iconButton = (name, text, onclick, extra = "") => {
    const attributes = { type: "button", class: ("quiet " + extra).trim(), "aria-label": text };
    const button = page.make("button", { ...attributes, title: text, onclick });
    button.append(page.icon(name));
    return button;
  };

  /* Questions as buttons: a click on one asks it. Where `labels` are given, they stand on them. */
  page.questionList = (questions, ask, { labels = questions, ...attributes } = {}) => {
    const list = page.make("ul", { class: "starters", ...attributes });
    for (const [at, question] of questions.entries()) {
      const onclick = () => ask({ question });
      list.append(page.make("li", {}, page.make("button", { type: "button", onclick }, labels[at])));
    }
    return list;
  };

  const AGAIN = 1000; // milliseconds between two looks for a server that was gone
  const PATIENCE = 20000; // milliseconds until a server that says nothing counts as gone
  const bus = new EventTarget();
  page.emit = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));
  page.on = (name, listener) => bus.addEventListener(name, (event) => listener(event.detail));

  const health = () =>
    fetch("healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });

  /* Whoever waits for the server asks now and then whether it is still there. */
  page.check = async () => {
    try {
      await health();
      return true;
    } catch {
      page.emit("lost");
      comeBack();
      return false;
    }
  };

  /* Ask the server and return its JSON. An error is a sentence with its status, never thrown. */
  page.api = async (method, path, values) => {
    const body = values && JSON.stringify(values);
    const headers = body ? { "Content-Type": "application/json" } : {};
    try {
      const answer = await fetch(path, { method, headers, body });
      const found = answer.status === 204 ? {} : await answer.json();
      return answer.ok ? found : page.problem(found);
    } catch {
      page.check();
      return { error: page.words("lost") };
    }
  };
  page.problem = ({ type, detail, status }) => ({
    error: type === "urn:chatbot:no-cookie" ? page.words("no_cookie") : detail,
    status,
  });

  /* After the server was away the framework's connection stays broken: once it is there again, the
     page starts anew. The conversation and what stands in the question field are kept. */
  let away = false;
  async function comeBack() {
    if (away) return;
    away = true;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      if (await health().then((one) => one.ok, () => false)) return location.reload();
    }
  }

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  page.motion = () => (calm.matches ? "auto" : "smooth");
})();
