/* Adding documents: files that are chosen or dropped, and text that is pasted. */
(() => {
  "use strict";
  const page = window.chatbotPage;
  const { make, words } = page;

  page.buildAdding = ({ taken, addText, addAddress }) => {
    const uploads = page.buildUploads(taken);
    const picker = make("input", { type: "file", class: "sr-only", id: "add-file", tabindex: "-1" });
    picker.multiple = true;
    picker.accept = page.suffixes.join(",");
    picker.setAttribute("aria-label", words("add_files"));
    const pick = make("button", { type: "button", class: "plain" }, words("add_files"));
    const drop = make("div", { class: "drop" }, picker, pick);
    const folder = buildFolder(uploads);
    drop.append(folder.picker, folder.pick);
    drop.append(make("span", {}, words("add_drop_here")), make("small", {}, words("add_kinds")));
    pick.addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      uploads.take([...picker.files]);
      picker.value = "";
    });

    const title = make("input", { id: "text-title", autocomplete: "off", maxlength: "500" });
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
    const node = make("div", { class: "adding" }, make("h3", {}, words("add_title")), drop);
    const address = buildAddress(addAddress);
    if (page.urls) node.append(address);
    node.append(paste);
    const clear = () => {
      form.reset();
      address.reset();
      paste.open = false;
    };
    return { node, uploads: uploads.node, take: uploads.take, clear };
  };

  /* A folder with all it holds; files of no kind that is read are passed over, and counted. */
  function buildFolder(uploads) {
    const picker = make("input", { type: "file", class: "sr-only", id: "add-folder", tabindex: "-1" });
    picker.webkitdirectory = true;
    picker.setAttribute("aria-label", words("add_folder"));
    const pick = make("button", { type: "button", class: "plain" }, words("add_folder"));
    pick.addEventListener("click", () => picker.click());
    const isRead = ({ name }) => page.suffixes.some((one) => name.toLowerCase().endsWith(one));
    const isHidden = ({ webkitRelativePath: path }) => path.split("/").some((one) => one[0] === ".");
    picker.addEventListener("change", () => {
      const seen = [...picker.files].filter((file) => !isHidden(file));
      const read = seen.filter(isRead);
      uploads.take(read, seen.length - read.length);
      picker.value = "";
    });
    return { picker, pick };
  }

  function buildAddress(add) {
    const field = make("input", { id: "add-address", type: "url", autocomplete: "off" });
    field.maxLength = 2000;
    const submit = make("button", { type: "submit", class: "plain" }, words("add_submit"));
    const form = make("form", { class: "address" });
    form.append(make("label", { for: "add-address" }, words("add_address")), field, submit);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (field.value.trim()) add({ address: field.value.trim() });
    });
    return form;
  }

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
