/* The card at a marker or a verdict: shown on hover and focus, dismissed with Escape, and the mouse
   may go over it (WCAG 1.4.13). A click on what is pinned keeps it open. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const OPENS = 120; // milliseconds: a mouse that only passes by shows nothing
  const CLOSES = 250; // time enough to reach the card
  const EDGE = 8; // pixels

  const card = page.make("div", { class: "card", id: "card", role: "tooltip", hidden: true });
  let owner = null; // whose card is shown
  let pinned = false;
  let timer = 0;
  page.cardNode = card;

  /* Give a node a card: build() returns what stands in it. pin: a click keeps it open. */
  page.setCard = (node, build, { pin = false } = {}) => {
    node.buildCard = build;
    node.pinsCard = pin;
  };

  page.hideCard = () => {
    clearTimeout(timer);
    if (!owner) return;
    owner.removeAttribute("aria-describedby");
    if (owner.pinsCard) owner.setAttribute("aria-expanded", "false");
    page.emit("card", null);
    owner = null;
    pinned = false;
    card.hidden = true;
    card.replaceChildren();
  };

  function show(node, pin = false) {
    clearTimeout(timer);
    if (owner !== node) {
      page.hideCard();
      const content = node.buildCard();
      if (!content.length) return;
      owner = node;
      card.replaceChildren(...content);
      card.hidden = false;
      node.setAttribute("aria-describedby", card.id);
      page.emit("card", node);
    }
    pinned = pinned || pin;
    if (node.pinsCard) node.setAttribute("aria-expanded", "true");
    place();
  }

  /* Below its owner where there is room, else above; never over the edge of the window. */
  function place() {
    if (!owner) return;
    const around = owner.getBoundingClientRect();
    const frame = owner.closest(".transcript, .source-text");
    const seen = frame ? frame.getBoundingClientRect() : { top: 0, bottom: innerHeight };
    if (!owner.isConnected || around.bottom < seen.top || around.top > seen.bottom) {
      page.hideCard();
      return;
    }
    const { width, height } = card.getBoundingClientRect();
    const below = around.bottom + EDGE;
    const above = around.top - EDGE - height;
    const top = below + height <= innerHeight - EDGE || above < EDGE ? below : above;
    const left = around.left + around.width / 2 - width / 2;
    card.style.top = Math.max(EDGE, Math.min(top, innerHeight - height - EDGE)) + "px";
    card.style.left = Math.max(EDGE, Math.min(left, innerWidth - width - EDGE)) + "px";
  }

  const carrier = (target) => {
    for (let node = target; node instanceof Element; node = node.parentElement) {
      if (node.buildCard) return node;
    }
    return null;
  };
  const inCard = (target) => target instanceof Node && card.contains(target);
  const later = (work, time) => {
    clearTimeout(timer);
    timer = setTimeout(work, time);
  };
  const leave = () => !pinned && owner !== document.activeElement && page.hideCard();

  /* What is scrolled under a resting mouse was not pointed at. */
  let rests = "";
  document.addEventListener("pointermove", (event) => {
    rests = event.clientX + " " + event.clientY;
  });

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    if (!owner && rests === event.clientX + " " + event.clientY) return;
    const node = carrier(event.target);
    if (node && node !== owner) later(() => node.isConnected && show(node), OPENS);
    else if (node || inCard(event.target)) clearTimeout(timer);
    else if (owner) later(leave, CLOSES);
    else clearTimeout(timer);
  });
  /* Give the focus back to where it was, without a card over what is there. */
  let quiet = false;
  page.giveFocus = (node) => {
    quiet = true;
    node.focus({ preventScroll: true });
    quiet = false;
  };
  document.addEventListener("focusin", (event) => {
    const node = carrier(event.target);
    if (quiet) page.hideCard();
    else if (node && event.target.matches(":focus-visible")) show(node);
    else if (owner && node !== owner && !inCard(event.target)) page.hideCard();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target === owner && !pinned) later(leave, 0);
  });
  document.addEventListener("click", (event) => {
    const node = carrier(event.target);
    if (!node) return inCard(event.target) || page.hideCard();
    if (!node.pinsCard || (node === owner && pinned)) return page.hideCard();
    show(node, true);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || !owner) return;
      event.preventDefault();
      page.hideCard();
    },
    true,
  );
  document.addEventListener("scroll", () => owner && requestAnimationFrame(place), true);
  window.addEventListener("resize", () => owner && requestAnimationFrame(place));
  page.placeCard = place;
})();
