/* A document as its pages look, with the sentences an answer rests on lit up on them. The server
   draws a page when it comes into sight; the text beside it stays the form for screen readers. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;
  const STEP = 256; // pixels: the server draws in these widths
  const MOST = 100; // sentences whose places are asked for at once

  page.buildPages = () => {
    const node = make("div", { class: "source-pages", tabindex: "0", role: "region", hidden: true });
    node.setAttribute("aria-label", words("source_pages"));
    let id = null; // of the document whose pages are here
    let sheets = []; // one element a page
    let places = new Map(); // sentence -> promise of its boxes
    let lights = []; // what is drawn on the sheets
    let marks = 0; // counts the calls of `mark`: only the last one draws

    const address = (rest) => `api/documents/${id}/${rest}`;

    /* Returns whether the document has pages that can be shown. */
    async function open(view) {
      id = view.id;
      sheets = [];
      places = new Map();
      lights = [];
      node.replaceChildren();
      if (!view.paged) return false;
      const answer = await fetch(address("pages")).catch(() => null);
      if (!answer || !answer.ok || id !== view.id) return false;
      const { pages } = await answer.json();
      if (id !== view.id) return false;
      sheets = pages.map(sheet);
      node.replaceChildren(...sheets);
      node.scrollTop = 0;
      return true;
    }

    function sheet({ width, height }, index) {
      const picture = make("img", { alt: words("page_picture", { page: index + 1 }), loading: "lazy" });
      const one = make("div", { class: "page-sheet", "data-page": index + 1 }, picture);
      one.style.aspectRatio = `${width} / ${height}`;
      return one;
    }

    /* Ask for the pictures in the width of the pane, once it is known and when it grows. */
    let drawn = 0;
    let drawnFor = null;
    new ResizeObserver(() => {
      const across = node.clientWidth * Math.min(window.devicePixelRatio || 1, 2);
      const width = Math.ceil(across / STEP) * STEP;
      if (!width || (drawnFor === sheets && width <= drawn)) return;
      drawn = width;
      drawnFor = sheets;
      for (const one of sheets) {
        const source = address(`pages/${one.dataset.page}?width=${width}`);
        one.firstElementChild.src = source;
      }
    }).observe(node);

    /* Places of sentences, each asked for once. */
    function boxesOf(indices) {
      const unknown = indices.filter((index) => !places.has(index));
      for (let start = 0; start < unknown.length; start += MOST) {
        const asked = unknown.slice(start, start + MOST);
        const query = asked.map((index) => `sentence=${index}`).join("&");
        const answer = fetch(address("boxes?" + query))
          .then((one) => (one.ok ? one.json() : { sentences: [] }))
          .catch(() => ({ sentences: [] }));
        asked.forEach((index, n) => {
          places.set(index, answer.then(({ sentences }) => sentences[n] || []));
        });
      }
      return Promise.all(indices.map((index) => places.get(index)));
    }

    /* Light sentences: [{ index, style, markers, text }]; a click on one calls `tell`. */
    async function mark(wanted, tell) {
      marks += 1;
      const mine = marks;
      if (!sheets.length) return;
      const found = await boxesOf(wanted.map((one) => one.index));
      if (mine !== marks) return;
      for (const one of lights) one.remove();
      lights = wanted.flatMap((one, n) => draw(one, found[n], tell));
    }

    function draw({ index, style, markers, text }, boxes, tell) {
      const made = boxes.map((box) => {
        const light = make("span", { class: "page-light " + style, "data-sentence": index });
        light.dataset.markers = markers;
        place(light, box);
        if (markers) light.addEventListener("click", () => tell(light, number || light));
        return light;
      });
      let number = null;
      if (markers && boxes.length) {
        number = make("button", { type: "button", class: "cited-number page-number" }, markers);
        number.dataset.of = index;
        number.setAttribute("aria-label", `${words("source_cited_label", { markers })}: ${text}`);
        number.addEventListener("click", () => tell(made[0], number));
        place(number, { ...boxes[0], x: leftOf(boxes), width: null, height: null });
        made.push(number);
      }
      return made;
    }

    /* The number stands beside the column, where it hides no words. */
    function leftOf(boxes) {
      const [first] = boxes;
      const below = boxes.findIndex((one) => one.page !== first.page || one.y < first.y);
      return Math.min(...boxes.slice(0, below < 0 ? boxes.length : below).map((one) => one.x));
    }

    function place(light, { page: at, x, y, width, height }) {
      const percent = (part) => `${part * 100}%`;
      light.style.left = percent(x);
      light.style.top = percent(y);
      if (width !== null) {
        light.style.width = percent(width);
        light.style.height = percent(height);
      }
      sheets[at - 1].append(light);
    }

    /* Bring a sentence into sight; returns whether it is drawn on a page. */
    async function reveal(index, { focus, quiet }) {
      if (!sheets.length) return false;
      const [boxes] = await boxesOf([index]);
      if (!boxes.length) return false;
      const top = sheets[boxes[0].page - 1];
      const middle = boxes[0].y + boxes[0].height / 2;
      node.scrollTo({
        top: top.offsetTop + middle * top.offsetHeight - node.clientHeight / 2,
        behavior: sheets.length > 6 ? "auto" : page.motion(),
      });
      if (quiet) return true;
      if (!lights.some((one) => one.dataset.sentence === String(index))) {
        lights.push(...draw({ index, style: "pointed", markers: "", text: "" }, boxes));
      }
      for (const one of lights) if (one.dataset.sentence === String(index)) page.flash(one);
      const number = lights.find((one) => one.dataset.of === String(index));
      if (focus) (number || node).focus({ preventScroll: true });
      return true;
    }

    return { node, open, mark, reveal };
  };
})();
