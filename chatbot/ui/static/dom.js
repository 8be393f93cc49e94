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
    remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
    quoted: "M6 17h3l2-4V7H5v6h3zM14 17h3l2-4V7h-6v6h3z",
    supported: "M6 12.5l4 4 8-9",
    partly: "M12 5.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13M12 5.5v13M9.5 6v12M7.2 7.6v8.8",
    unsupported: "M12 6v8M12 17.5v.5",
    notice: "M12 7.5v5.5M12 16.3v.4",
    none: "M7 7l10 10",
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

  /* Set text only where it changed: what is selected stays selected. */
  page.setText = (node, text) => {
    if (node.textContent !== text) node.textContent = text;
  };

  const bus = new EventTarget();
  page.emit = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));
  page.on = (name, listener) => bus.addEventListener(name, (event) => listener(event.detail));

  /* Whoever waits for the server asks now and then whether it is still there. */
  page.check = async () => {
    try {
      await fetch("healthz", { cache: "no-store" });
    } catch {
      page.emit("lost");
    }
  };

  /* One panel at a time lies over the conversation (or, on a wide page, over the source). */
  let opener = null;
  const wide = window.matchMedia("(min-width: 1000px)");
  page.isWide = () => wide.matches;
  page.panel = () => document.body.dataset.panel || "";
  page.openPanel = (name) => {
    if (page.panel() === name) return;
    opener = opener || document.activeElement;
    document.body.dataset.panel = name;
    page.emit("panel", name);
  };
  page.closePanel = () => {
    if (!page.panel()) return;
    document.body.dataset.panel = "";
    page.emit("panel", "");
    if (opener && opener.isConnected) opener.focus({ preventScroll: true });
    opener = null;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) page.closePanel();
  });

  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  page.motion = () => (calm.matches ? "auto" : "smooth");
})();
