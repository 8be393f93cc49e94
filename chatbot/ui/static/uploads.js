/* Files on their way in: one after the other, each with where it is and how it ended. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { keyed, make, setText, words } = page;
  const MOST_BYTES = 10 * 1000 * 1000;

  /* `taken` is told what the server answered, and returns it in words: { text, level }. */
  page.buildUploads = (taken) => {
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
      const report = await post(one.file, name, (part) => {
        one.part = part;
        if (part === 1) tell(one, "reading", words("file_reading"));
        else tell(one, "sending", words("file_sending", { percent: Math.round(part * 100) }));
      });
      const message = await taken(report);
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

  /* Send a file; resolves to what the server answered. */
  function post(file, name, progress) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append("file", file, file.name);
      form.append("name", name);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) progress(event.loaded / event.total);
      });
      const failed = () => resolve({ error: words("upload_failed", { name }) });
      request.addEventListener("error", failed);
      request.addEventListener("load", () => {
        try {
          const found = JSON.parse(request.responseText);
          resolve(request.status < 300 ? found : page.problem(found));
        } catch {
          failed();
        }
      });
      request.open("POST", "api/files");
      request.send(form);
    });
  }
})();
