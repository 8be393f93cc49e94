/* Adding documents: files that are chosen or dropped, and text that is pasted. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;

  page.buildAdding = ({ addFile, addText }) => {
    const uploads = page.buildUploads(addFile);
    const picker = make("input", { type: "file", class: "sr-only", id: "add-file", tabindex: "-1" });
    picker.multiple = true;
    picker.accept =
      ".txt,.md,.markdown,.html,.htm,.pdf,.docx,.pptx,.xlsx,.xlsm,.csv,.tsv,.ipynb,.eml,.odt,.rtf,.epub,.zip";
    picker.setAttribute("aria-label", words("add_files"));
    const pick = make("button", { type: "button", class: "plain" }, words("add_files"));
    const drop = make("div", { class: "drop" }, picker, pick);
    drop.append(make("span", {}, words("add_drop_here")), make("small", {}, words("add_kinds")));
    pick.addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      uploads.take([...picker.files]);
      picker.value = "";
    });

    const title = make("input", { id: "text-title", autocomplete: "off" });
    const body = make("textarea", { id: "text-body", rows: "5" });
    const submit = make("button", { type: "submit", class: "strong-button" }, words("add_submit"));
    const form = make("form", { class: "paste" });
    form.append(make("label", { for: "text-title" }, words("add_text_title")), title);
    form.append(make("label", { for: "text-body" }, words("add_text_body")), body, submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      addText({ title: title.value, text: body.value });
    });
    const paste = make("details", { class: "paste-box" });
    paste.append(make("summary", {}, words("add_text")), form);
    const node = make("div", { class: "adding" }, make("h3", {}, words("add_title")), drop, paste);
    const clear = () => {
      form.reset();
      paste.open = false;
    };
    return { node, uploads: uploads.node, take: uploads.take, clear };
  };

  /* Files dropped anywhere are added: beside the panel they would take the page's place. */
  page.takeDrops = (panel, take) => {
    let inside = 0; // how many nested elements they are over
    const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");
    const over = (on) => panel.classList.toggle("over", on);
    panel.dataset.drop = words("drop_now");
    window.addEventListener("dragenter", (event) => {
      if (!hasFiles(event)) return;
      inside += 1;
      page.openPanel("documents");
      over(true);
    });
    window.addEventListener("dragleave", (event) => {
      if (!hasFiles(event)) return;
      inside = Math.max(inside - 1, 0);
      over(inside > 0);
    });
    window.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    window.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      inside = 0;
      over(false);
      page.openPanel("documents");
      take([...event.dataTransfer.files]);
    });
  };
})();
