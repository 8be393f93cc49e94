/* Files on their way in: one after the other, each with where it is and how it ended. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { keyed, make, setText, words } = page;
  const MOST_BYTES = 10 * 1000 * 1000;

  /* add({ path, name }) adds a file that was sent; it returns what the server said of it. */
  page.buildUploads = (add) => {
    let files = []; // { key, file, name, state, text, part }
    let running = false;
    let count = 0;
    const list = make("ul", { class: "uploads" });
    const clear = make("button", { type: "button", class: "quiet" }, words("files_clear"));
    const said = make("p", { class: "sr-only", role: "status" });
    const node = make("div", { class: "uploads-box", hidden: true }, list, clear, said);
    clear.addEventListener("click", () => {
      files = files.filter((one) => !isOver(one));
      show();
    });

    function take(chosen, passedOver = 0) {
      if (passedOver) {
        const text = page.counted("files_skipped", passedOver);
        files.push({ key: ++count, file: null, name: "", state: "failed", part: 0, text });
      }
      for (const file of chosen) {
        const name = file.webkitRelativePath || file.name;
        const one = { key: ++count, file, name, state: "waiting", part: 0 };
        one.text = words("file_waiting");
        files.push(one);
      }
      show();
      if (!running) run();
    }
    async function run() {
      running = true;
      for (let one = next(); one; one = next()) {
        await bring(one);
        const done = files.filter(isOver).length;
        setText(said, words("files_status", { done, total: files.length }));
      }
      running = false;
    }
    const next = () => files.find((one) => one.state === "waiting");
    const isOver = (one) => one.state === "done" || one.state === "failed";

    async function bring(one) {
      const { name } = one;
      if (one.file.size > MOST_BYTES) return end(one, "failed", words("upload_too_large", { name }));
      if (!one.file.size) return end(one, "failed", words("file_empty", { name }));
      tell(one, "sending", words("file_sending", { percent: 0 }));
      const sent = await post(one.file, (part) => {
        one.part = part;
        tell(one, "sending", words("file_sending", { percent: Math.round(part * 100) }));
      });
      if (!sent.path) return end(one, "failed", words(sent.reason, { name }));
      tell(one, "reading", words("file_reading"));
      const message = await add({ path: sent.path, name });
      end(one, message.level === "bad" ? "failed" : "done", message.text);
    }
    function tell(one, state, text) {
      Object.assign(one, { state, text });
      show();
    }
    function end(one, state, text) {
      one.file = null;
      tell(one, state, text);
    }
    function show() {
      const views = files.map(({ key, name, state, text, part }) => ({ key, name, state, text, part }));
      keyed(list, views, build, update);
      node.hidden = files.length === 0;
      clear.hidden = !files.some(isOver);
    }
    return { node, take };
  };

  function build() {
    const bar = make("progress", { max: "1" });
    const text = make("span", { class: "upload-text" });
    return make("li", {}, make("span", { class: "upload-name" }), bar, text);
  }
  function update(node, view) {
    const [name, bar, text] = node.children;
    node.dataset.state = view.state;
    setText(name, view.name);
    setText(text, view.text);
    bar.hidden = view.state !== "sending" && view.state !== "reading";
    bar.setAttribute("aria-label", view.name);
    if (view.state === "reading") bar.removeAttribute("value");
    else bar.value = view.part;
  }

  /* Send a file; resolves to its path there, or to why there is none. */
  function post(file, progress) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("files", file, file.name);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress(event.loaded / event.total);
      });
      request.addEventListener("error", () => resolve({ reason: "upload_failed" }));
      request.addEventListener("load", () => {
        if (request.status === 413) return resolve({ reason: "upload_too_large" });
        try {
          resolve({ path: JSON.parse(request.responseText)[0], reason: "upload_failed" });
        } catch {
          resolve({ reason: "upload_failed" });
        }
      });
      request.open("POST", "gradio_api/upload");
      request.send(form);
    });
  }
})();
