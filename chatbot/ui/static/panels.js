/* One panel at a time lies over the page: over the source on a wide page, over everything on a
   narrow one, where it takes the keyboard with it and gives it back. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const wide = window.matchMedia("(min-width: 1000px)");
  let opener = null;

  page.isWide = () => wide.matches;
  page.panel = () => document.body.dataset.panel || "";

  page.openPanel = (name) => {
    if (page.panel() === name) return;
    opener = opener || document.activeElement;
    document.body.dataset.panel = name;
    layer();
    page.emit("panel", name);
  };

  page.closePanel = () => {
    if (!page.panel()) return;
    document.body.dataset.panel = "";
    layer();
    page.emit("panel", "");
    if (opener && opener.isConnected) page.giveFocus(opener);
    opener = null;
  };

  /* On a narrow page all that lies under the open panel is out of reach. What can be under it, or
     be it, says so with data-layer: "page", or the name of the panel. */
  function layer() {
    const open = page.panel();
    const modal = Boolean(open) && !page.isWide();
    for (const node of document.querySelectorAll("[data-layer]")) {
      const on = node.dataset.layer === open;
      node.inert = modal && !on;
      if (node.dataset.layer === "page") continue;
      if (modal && on) node.setAttribute("role", "dialog");
      else node.removeAttribute("role");
      if (modal && on) node.setAttribute("aria-modal", "true");
      else node.removeAttribute("aria-modal");
    }
    backdrop.hidden = !modal;
  }

  const backdrop = page.make("div", { class: "backdrop", hidden: true, onclick: page.closePanel });
  page.backdrop = backdrop;
  wide.addEventListener("change", () => {
    if (page.panel() === "source" && page.isWide()) page.closePanel();
    else layer();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    if (page.panel()) event.preventDefault();
    page.closePanel();
  });
})();
