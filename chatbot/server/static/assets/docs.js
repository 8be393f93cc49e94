// Draws openapi.json: every operation with its fields, its examples, and a form to try it.
// Text of the schema is set as text, never as markup.

const METHODS = ["get", "post", "put", "patch", "delete"];

function node(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

function resolve(schema, root) {
  const name = schema?.$ref?.split("/").pop();
  return name ? root.components.schemas[name] : schema;
}

function typeOf(schema, root, depth = 0) {
  if (!schema) return "anything";
  const name = schema.$ref?.split("/").pop();
  if (name) return name;
  const any = schema.anyOf ?? schema.oneOf;
  if (any) return any.map((one) => typeOf(one, root, depth)).join(" or ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.type === "array") return `list of ${typeOf(schema.items, root, depth + 1)}`;
  return schema.type ?? "anything";
}

function sample(schema, root, depth = 0) {
  const whole = resolve(schema, root) ?? {};
  if (whole.examples?.length) return whole.examples[0];
  if ("example" in whole) return whole.example;
  if ("default" in whole) return whole.default;
  if ("const" in whole) return whole.const;
  if (whole.enum) return whole.enum[0];
  const any = whole.anyOf ?? whole.oneOf ?? whole.allOf;
  if (any) return sample(any[0], root, depth + 1);
  if (depth > 4) return null;
  if (whole.type === "object") {
    const required = whole.required ?? [];
    const shown = Object.entries(whole.properties ?? {}).filter(([name]) => required.includes(name));
    return Object.fromEntries(shown.map(([name, one]) => [name, sample(one, root, depth + 1)]));
  }
  if (whole.type === "array") return [sample(whole.items ?? {}, root, depth + 1)];
  return { string: "text", integer: 1, number: 1, boolean: true }[whole.type] ?? null;
}

function fields(rows) {
  if (!rows.length) return null;
  const lines = rows.map(([name, type, required, text]) =>
    node("tr", {}, node("td", {}, node("code", {}, name), required ? "" : " (optional)"),
      node("td", {}, type), node("td", {}, text ?? "")));
  const head = node("tr", {}, ...["Field", "Type", "Meaning"].map((text) => node("th", { scope: "col" }, text)));
  return node("table", {}, node("thead", {}, head), node("tbody", {}, ...lines));
}

function propertyRows(schema, root) {
  const whole = resolve(schema, root) ?? {};
  return Object.entries(whole.properties ?? {}).map(([name, one]) =>
    [name, typeOf(one, root), (whole.required ?? []).includes(name), one.description]);
}

function curl(method, path, body) {
  const lines = [`curl -X ${method.toUpperCase()} '${location.origin}${path}'`];
  if (body !== null) lines.push(`  -H 'Content-Type: application/json'`, `  -d '${body.replaceAll("'", "'\\''")}'`);
  return lines.join(" \\\n");
}

function tryForm(method, path, operation, body) {
  const inputs = (operation.parameters ?? []).map((one) =>
    [one, node("input", { name: one.name, "aria-label": one.name, placeholder: one.name })]);
  const text = body === null ? null : node("textarea", { "aria-label": "Body", spellcheck: "false" });
  if (text) text.value = body;
  const output = node("pre", { "aria-live": "polite", tabindex: "0" });
  output.hidden = true;
  const button = node("button", { type: "button" }, "Send");
  button.addEventListener("click", async () => {
    output.hidden = false;
    output.textContent = "…";
    let target = path;
    const query = new URLSearchParams();
    for (const [one, input] of inputs) {
      if (one.in === "path") target = target.replace(`{${one.name}}`, encodeURIComponent(input.value));
      else if (input.value) query.append(one.name, input.value);
    }
    const headers = {};
    const token = document.getElementById("token").value;
    if (token) headers.Authorization = `Bearer ${token}`;
    if (text) headers["Content-Type"] = "application/json";
    const address = `${target}${query.size ? `?${query}` : ""}`;
    try {
      const response = await fetch(address, { method: method.toUpperCase(), headers, body: text?.value });
      const said = await response.text();
      let shown = said;
      try { shown = JSON.stringify(JSON.parse(said), null, 2); } catch { /* not JSON: as it is */ }
      output.textContent = `${response.status} ${response.statusText}\n\n${shown}`;
    } catch (error) {
      output.textContent = String(error);
    }
  });
  return node("div", {}, node("h3", {}, "Try it"), ...inputs.map(([, input]) => input), text, button, output);
}

function operationView(method, path, operation, root) {
  const content = operation.requestBody?.content ?? {};
  const schema = content["application/json"]?.schema;
  const body = schema ? JSON.stringify(sample(schema, root), null, 2) : null;
  const parameters = (operation.parameters ?? []).map((one) =>
    [one.name, typeOf(one.schema, root), one.required, one.description ?? one.schema?.description]);
  const bodySchema = schema ?? Object.values(content)[0]?.schema;
  const responses = Object.entries(operation.responses ?? {}).map(([status, one]) => {
    const [kind, given] = Object.entries(one.content ?? {})[0] ?? [];
    const example = given?.example;
    const shown = typeof example === "string" ? example : example && JSON.stringify(example, null, 2);
    return [node("p", {}, node("code", {}, status), ` ${one.description ?? ""} `,
      kind ? node("span", { class: "says" }, `${kind}: ${typeOf(given.schema, root)}`) : ""),
      shown ? node("pre", { tabindex: "0" }, shown) : null];
  }).flat();
  const multipart = !schema && bodySchema;
  return node("details", { id: operation.operationId },
    node("summary", {}, node("span", { class: "method" }, method.toUpperCase()), node("code", {}, path),
      node("span", { class: "says" }, ` ${operation.summary ?? ""}`)),
    node("div", { class: "body" }, node("p", {}, operation.description ?? ""),
      parameters.length ? node("h3", {}, "Parameters") : null, fields(parameters),
      bodySchema ? node("h3", {}, "Body") : null, bodySchema ? fields(propertyRows(bodySchema, root)) : null,
      multipart ? null : node("pre", { tabindex: "0" }, curl(method, path, body)),
      node("h3", {}, "Answers"), ...responses,
      multipart ? null : tryForm(method, path, operation, body)));
}

function shapeView(name, schema, root) {
  return node("details", {}, node("summary", {}, node("code", {}, name)),
    node("div", { class: "body" }, node("p", {}, schema.description ?? ""), fields(propertyRows(schema, root))));
}

async function draw() {
  const root = await (await fetch("openapi.json")).json();
  document.getElementById("about").replaceChildren(
    `${root.info.description ?? ""} `, node("a", { href: "openapi.json" }, "openapi.json"), `, version ${root.info.version}`);
  const groups = new Map();
  for (const [path, item] of Object.entries(root.paths)) {
    for (const method of METHODS.filter((one) => item[one])) {
      const tag = item[method].tags?.[0] ?? "Other";
      groups.set(tag, [...(groups.get(tag) ?? []), operationView(method, path, item[method], root)]);
    }
  }
  const main = document.getElementById("operations");
  const links = [];
  for (const [tag, views] of groups) {
    const id = `group-${tag.replaceAll(" ", "-")}`;
    main.append(node("h2", { id }, tag), ...views);
    links.push(node("li", {}, node("a", { href: `#${id}` }, tag)));
  }
  main.append(node("h2", { id: "shapes" }, "Shapes"),
    ...Object.entries(root.components?.schemas ?? {}).map(([name, one]) => shapeView(name, one, root)));
  links.push(node("li", {}, node("a", { href: "#shapes" }, "Shapes")));
  document.getElementById("contents").append(node("ul", {}, ...links));
  document.body.dataset.drawn = "yes";
}

draw().catch((error) => { document.getElementById("about").append(` failed: ${error}`); });
