// Documents: drop one in, and see its operations, what lint finds, its Rust, and a diff.

import { ask, codeBox, copyButton, fill, h, say } from "/_studio/dom.js";
import { highlighted } from "/_studio/highlight.js";
import { words } from "/_studio/words.js";

// How many lines are coloured; a browser takes long over more.
const MOST_LINES = 1500;
const MOST_LISTED = 400;

const SAMPLE = `openapi: 3.0.3
info: {title: Pet shop, version: "1.0"}
paths:
  /pets:
    get:
      summary: List pets
      parameters:
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100, default: 500}}
      responses:
        "200":
          description: Pets
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}
    post:
      summary: Add a pet
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Pet"}
            example: {name: Mimi, kind: cat, age: "three"}
      responses: {"201": {description: Added}}
components:
  schemas:
    Pet:
      type: object
      required: [name, kind]
      properties:
        name: {type: string, minLength: 1, maxLength: 40}
        kind: {type: string, enum: [cat, dog, rabbit]}
        age: {type: integer, minimum: 0}
`;

let shown = null;
let place = null;

export function render(panel) {
  place = h("div", { class: "stack" });
  const status = h("div", { role: "status" });
  const picker = filePicker((name, text) => read(name, text, status), "document-file");
  const zone = h("div", { class: "drop" }, h("h2", {}, words.drop), h("p", { class: "note" }, words.dropNote),
    h("div", { class: "row" }, picker,
      h("button", { type: "button", class: "button", on: { click: () => read("pet-shop.yaml", SAMPLE, status) } }, words.sample)));
  for (const name of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name === "drop") opened(event.dataTransfer.files, (file, text) => read(file, text, status));
    });
  }
  fill(panel, h("div", { class: "stack" }, zone, status, place));
  if (shown) show();
}

// A button that is a file's input to those who listen or use a keyboard.
function filePicker(then, id) {
  const input = h("input", { type: "file", id, class: "spoken", tabindex: "-1", "aria-hidden": "true", accept: ".json,.yaml,.yml,.md,.txt" });
  input.addEventListener("change", () => { opened(input.files, then); input.value = ""; });
  return h("span", {}, input, h("button", { type: "button", class: "button main", on: { click: () => input.click() } }, words.choose));
}

async function opened(files, then) {
  const [file] = files;
  if (file) then(file.name, await file.text());
}

async function read(name, text, status) {
  fill(status, h("p", { class: "note" }, words.reading));
  try {
    shown = { text, answer: await ask("/_studio/document", { name, text }), filter: "", diff: null };
    fill(status);
    show();
    say(name);
  } catch (error) {
    fill(status, h("div", { class: "callout", role: "alert" }, error.message));
  }
}

function show() {
  const { answer } = shown;
  const operations = answer.operations ?? [];
  const counts = { error: 0, warning: 0, info: 0 };
  for (const finding of answer.findings) counts[finding.severity] = (counts[finding.severity] ?? 0) + 1;
  fill(place,
    h("div", { class: "row apart" }, h("h2", {}, answer.title ?? answer.name),
      h("div", { class: "facts" }, h("span", { class: "badge" }, answer.form), h("span", { class: "badge" }, answer.name),
        h("span", { class: "badge" }, `${operations.length} · ${words.operations}`),
        h("span", { class: counts.error ? "badge bad" : counts.warning ? "badge warn" : "badge good" }, `${answer.findings.length} · ${words.findings}`))),
    h("div", { class: "grid-docs" },
      h("div", { class: "stack" }, operationsCard(operations), findingsCard(answer)),
      h("div", { class: "stack" }, rustCard(answer), diffCard(answer))));
}

function card(id, title, extra, ...inside) {
  return h("section", { class: "card", "aria-labelledby": id },
    h("div", { class: "head apart row" }, h("h2", { id }, title), extra), h("div", { class: "inside" }, ...inside));
}

function operationsCard(operations) {
  if (operations.length === 0) return card("operations", words.operations, null, h("p", { class: "note" }, words.noOperations));
  const list = h("ul", { class: "list scroll", tabindex: "0", "aria-label": words.operations });
  const filter = h("input", { type: "search", "aria-label": words.find, placeholder: words.find });
  const update = () => {
    const wanted = filter.value.toLowerCase();
    const found = operations.filter((one) => `${one.method} ${one.path} ${one.title ?? ""}`.toLowerCase().includes(wanted));
    fill(list, found.slice(0, MOST_LISTED).map((one) => h("li", {},
      h("div", {}, h("span", { class: `method ${one.method}` }, one.method), " ", h("code", {}, one.path)),
      h("div", { class: "note" }, [one.title, one.body, one.statuses.filter(Boolean).join(" ")].filter(Boolean).join(" · ")))));
  };
  filter.addEventListener("input", update);
  update();
  return card("operations", words.operations, null, operations.length > 8 ? filter : null, list);
}

function findingsCard(answer) {
  if (answer.findings.length === 0) return card("findings", words.findings, null, h("p", { class: "note" }, words.noFindings));
  const kinds = { error: "bad", warning: "warn" };
  const items = answer.findings.slice(0, MOST_LISTED).map((one) => h("li", {},
    h("div", { class: "facts" }, h("span", { class: `badge ${kinds[one.severity] ?? ""}` }, words[one.severity] ?? one.severity), h("code", {}, one.rule),
      one.line ? h("span", { class: "note" }, `${answer.name}:${one.line}:${one.column ?? 1}`) : null),
    h("div", {}, one.message), one.remedy ? h("div", { class: "note" }, one.remedy) : null,
    one.patch?.length ? h("details", {}, h("summary", {}, words.suggested), codeBox(null, JSON.stringify(one.patch, null, 2), words, words.suggested)) : null));
  const stem = answer.name.replace(/\.[^.]*$/, "");
  const patch = answer.patch.length === 0 ? null : h("details", {}, h("summary", {}, words.patch),
    h("p", { class: "note" }, `${words.patchNote} `, h("code", {}, `${stem}.bugs.patch.json`)),
    codeBox(null, JSON.stringify(answer.patch, null, 2), words, words.patch));
  return card("findings", words.findings, null, h("ul", { class: "list scroll", tabindex: "0", "aria-label": words.findings }, items), patch);
}

function rustCard(answer) {
  if (!answer.rust) {
    return card("rust", words.rust, null, h("p", { class: "note" }, words.noRust),
      h("div", { class: "callout" }, answer.problems.slice(0, 20).join("\n\n")));
  }
  const lines = answer.rust.split("\n");
  // The document itself stands at the beginning; who reads the types knows it.
  const types = answer.rust.replace(/(const DOCUMENT: &str = r(#*)")[^]*?("\2;)/, "$1…$3");
  const node = highlighted(types.split("\n").slice(0, MOST_LINES).join("\n"));
  const count = h("span", { class: "note" }, `${lines.length} ${words.lines}`);
  return card("rust", words.rust, h("div", { class: "row" }, count, copyButton(answer.rust, words)),
    h("pre", { class: "code", tabindex: "0", role: "group", "aria-label": words.rust }, node),
    lines.length > MOST_LINES ? h("p", { class: "note" }, words.shownOf) : null);
}

function diffCard(answer) {
  const result = h("div", { role: "status" });
  const compare = async (name, text) => {
    fill(result, h("p", { class: "note" }, words.reading));
    try {
      shown.diff = await ask("/_studio/diff", { old: { name: answer.name, text: shown.text }, new: { name, text } });
      fill(result, changes(shown.diff));
    } catch (error) {
      fill(result, h("div", { class: "callout", role: "alert" }, error.message));
    }
  };
  if (shown.diff) fill(result, changes(shown.diff));
  return card("diff", words.diff, null, h("p", { class: "note" }, words.diffNote),
    h("div", { class: "row" }, filePicker(compare, "diff-file")), result);
}

function changes(diff) {
  const kinds = { breaking: "bad", additive: "good", neutral: "" };
  const items = diff.changes.slice(0, MOST_LISTED).map((one) => h("li", {},
    h("div", { class: "facts" }, h("span", { class: `badge ${kinds[one.effect] ?? ""}` }, words[one.effect]), h("code", {}, one.operation ?? "schema"),
      h("span", { class: "note" }, `${one.part} ${one.path}`)),
    h("div", {}, one.message)));
  return [h("p", { class: "callout plain" }, diff.sentence),
    items.length ? h("ul", { class: "list scroll", tabindex: "0", "aria-label": words.diff }, items) : h("p", { class: "note" }, words.noChanges)];
}
