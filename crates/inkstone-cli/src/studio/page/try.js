// Try: a form from a model's document, judged as one types, and sent.

import { after, ask, codeBox, fill, h, isRefused, pair, pause } from "/_studio/dom.js";
import { control, fieldsOf, isMain } from "/_studio/fields.js";
import * as gallery from "/_studio/gallery.js";
import { highlighted } from "/_studio/highlight.js";
import * as images from "/_studio/images.js";
import * as orders from "/_studio/orders.js";
import { words } from "/_studio/words.js";

// What was filled in survives a change of language or model.
const kept = { model: 0, prompt: null, values: {}, real: false, command: "cli" };
let controls = [];
let judged = null;
let judging = new AbortController();
let page = {};

export function render(panel, state, models) {
  page = { state, models, panel };
  const model = models[kept.model] ?? models[0];
  kept.prompt ??= words.promptSample;
  page.commands = h("div", { class: "inside" });
  const commands = h("section", { class: "card", "aria-labelledby": "same-title" },
    h("div", { class: "head apart row" }, h("h2", { id: "same-title" }, words.same), commandSwitch()), page.commands);
  page.gallery = h("section", { class: "stack", "aria-labelledby": "gallery-title" },
    h("h2", { id: "gallery-title", class: "spoken" }, words.gallery), gallery.render(use));
  fill(panel, h("div", { class: "grid-try" },
    h("div", { class: "stack" }, form(model)),
    h("div", { class: "stack" }, orders.render(state), page.gallery, commands)));
  panel.ondrop = (event) => { if (takesImages(model)) images.addFiles([...event.dataTransfer.files]); };
  judge();
}

function form(model) {
  const all = fieldsOf(model);
  controls = all.map((field) => control(field, changed));
  for (const one of controls) one.set(kept.values[one.path]);
  const main = controls.filter((_, at) => isMain(all[at]));
  const more = controls.filter((_, at) => !isMain(all[at]));
  const prompt = h("textarea", { id: "prompt", rows: 4, "aria-describedby": "prompt-wrong", on: { input: (event) => { kept.prompt = event.target.value; changed(); } } });
  prompt.value = kept.prompt;
  page.promptWrong = h("div", { class: "wrong", id: "prompt-wrong", hidden: true });
  page.prompt = prompt;
  page.verdict = h("div", { role: "status" });
  page.send = h("button", { class: "button main", type: "submit" }, words.make);
  page.price = h("p", { class: "note" });
  return h("form", { class: "card", novalidate: true, on: { submit: (event) => { event.preventDefault(); send(); } } },
    h("div", { class: "head" }, h("h2", {}, words.request)),
    h("div", { class: "inside form" },
      h("div", { class: "field" }, h("label", { for: "model" }, words.model), modelSelect(),
        h("div", { class: "hint" }, [model.name, ...(model.prices ?? [])].filter((line) => line && line !== model.model).join("\n"))),
      h("div", { class: "field" }, h("label", { for: "prompt" }, words.prompt), prompt, page.promptWrong),
      takesImages(model) ? images.field(changed) : null,
      main.map((one) => one.element),
      more.length > 0
        ? h("details", { class: "more" }, h("summary", {}, words.aside(words.more, more.length)), h("div", {}, more.map((one) => one.element)))
        : null,
      target(model), page.verdict,
      h("div", { class: "row apart action" }, page.price, page.send)));
}

function modelSelect() {
  const groups = new Map();
  for (const [at, model] of page.models.entries()) {
    if (!groups.has(model.api)) groups.set(model.api, h("optgroup", { label: model.title ?? model.api }));
    groups.get(model.api).append(h("option", { value: at, selected: at === kept.model }, model.model));
  }
  return h("select", { id: "model", on: { change: (event) => {
    kept.model = Number(event.target.value);
    kept.values = byName(kept.values, page.models[kept.model]);
    render(page.panel, page.state, page.models);
    document.getElementById("model").focus();
  } } }, [...groups.values()]);
}

// Values move along with the names of their fields: size is parameters.size elsewhere.
function byName(values, model) {
  const last = (path) => path.split(".").pop();
  const found = {};
  for (const [path, value] of Object.entries(values)) {
    const field = fieldsOf(model).find((one) => last(one.path) === last(path));
    if (field) found[field.path] = value;
  }
  return found;
}

function takesImages(model) {
  return model.fields.some((field) => /(^|\.)image(\[\]|$)/.test(field.path));
}

function refresh() {
  render(page.panel, page.state, page.models);
}

function target(model) {
  const canPay = page.state.real[model.api] === true;
  if (!canPay) kept.real = false;
  const option = (isReal, label) => h("label", {},
    h("input", { type: "radio", name: "target", value: String(isReal), checked: kept.real === isReal, disabled: isReal && !canPay, on: { change: () => { kept.real = isReal; priced(); note.textContent = text(); } } }),
    h("span", {}, label));
  const text = () => kept.real ? `${words.realNote} ${page.state.out}` : canPay ? words.sandboxNote : `${words.sandboxNote} ${words.realOff}`;
  const note = h("p", { class: "hint" }, text());
  return h("fieldset", { class: "field" }, h("legend", { class: "legend" }, words.where),
    h("div", {}, h("div", { class: "switch" }, option(false, words.sandbox), option(true, words.real))), note);
}

function filled() {
  const model = page.models[kept.model];
  const fields = {};
  kept.values = {};
  for (const one of controls) {
    const value = one.read();
    if (value !== undefined) {
      fields[one.path] = value;
      kept.values[one.path] = value;
    }
  }
  return { api: model.api, model: model.model, prompt: kept.prompt, fields, images: takesImages(model) ? images.current() : [] };
}

const judgeSoon = after(250, judge);

function changed() {
  judgeSoon();
}

// The last request that was asked about is the one that counts.
async function judge() {
  judging.abort();
  judging = new AbortController();
  const { signal } = judging;
  try {
    const answer = await ask("/_studio/check", filled(), signal);
    if (signal.aborted) return;
    judged = answer;
    mark(judged.violations);
    tell([...page.rest.map((one) => ["callout", pair(one.picture ?? (one.pointer || "/"), text(one))]),
      ...judged.warnings.map((one) => ["callout warn", one.pointer ? pair(one.pointer, one.message) : one.message])]);
    showCommands();
  } catch (error) {
    if (signal.aborted) return;
    judged = null;
    mark([]);
    tell([["callout", error.isRefusal ? error.message : words.silent]]);
    if (isRefused(error) || !error.isRefusal) pause(2000, error).then(judgeSoon);
  }
  priced();
}

const text = (one) => pair(one.keyword, one.expected);

// Each violation at its field, which is shown; those of no field are left.
function mark(violations) {
  const place = (one) => one.pointer.slice(1).replaceAll("/", ".");
  const rest = new Set(violations);
  for (const one of controls) {
    const own = violations.filter((each) => place(each) === one.path || place(each).startsWith(`${one.path}.`));
    own.forEach((each) => rest.delete(each));
    one.mark(own.map(text));
    const hiding = one.element.closest("details");
    if (hiding && own.length > 0) hiding.open = true;
  }
  const prompts = [...rest].filter((each) => /prompt$|text$/.test(each.pointer));
  prompts.forEach((each) => rest.delete(each));
  page.promptWrong.hidden = prompts.length === 0;
  page.promptWrong.textContent = prompts.map(text).join("\n");
  page.prompt.setAttribute("aria-invalid", String(prompts.length > 0));
  page.rest = [...rest];
}

// What is said of the whole request; the same is not said twice.
function tell(lines) {
  const said = JSON.stringify(lines);
  if (page.said === said) return;
  page.said = said;
  fill(page.verdict, lines.map(([kind, line]) => h("p", { class: kind }, line)));
}

function priced() {
  const cost = judged ? judged.cost_text : "…";
  fill(page.price, pair(kept.real ? words.cost : words.free, ""), h("span", { class: "price" }, cost));
  page.send.disabled = !judged || judged.violations.length > 0;
}

function commandSwitch() {
  const option = (name, label) => h("label", {},
    h("input", { type: "radio", name: "command", checked: kept.command === name, on: { change: () => { kept.command = name; showCommands(); } } }),
    h("span", {}, label));
  return h("div", { class: "switch", role: "radiogroup", "aria-label": words.same }, option("cli", "CLI"), option("rust", "Rust"), option("curl", "curl"));
}

function showCommands() {
  if (!judged) return;
  const text = judged.commands[kept.command];
  const node = kept.command === "rust" ? highlighted(text) : text;
  fill(page.commands, codeBox(node, text, words, words.same));
}

async function send() {
  const asked = { request: filled(), real: kept.real };
  images.addTyped();
  await order(asked);
}

// What is asked for goes along until it is confirmed, whatever becomes of the form meanwhile.
async function order(asked) {
  page.send.disabled = true;
  try {
    const unconfirmed = await orders.send(asked.request, asked.real, asked.confirm);
    if (unconfirmed) confirmCost({ ...asked, ...unconfirmed });
  } catch (error) {
    orders.tell({ error: pair(words.failed, error.isRefusal ? error.message : words.silent) });
  } finally {
    priced();
  }
}

// Money is only spent after someone saw how much, and said yes.
function confirmCost(asked) {
  const dialog = h("dialog", { "aria-labelledby": "confirm-title" });
  const close = () => { dialog.close(); dialog.remove(); };
  dialog.append(h("div", { class: "inside" },
    h("h2", { id: "confirm-title" }, words.confirm),
    h("p", {}, words.confirmText, " ", h("strong", { class: "price" }, asked.cost_text)),
    h("div", { class: "row" },
      h("button", { class: "button main", type: "button", on: { click: () => { close(); order(asked); } } }, words.confirmYes),
      h("button", { class: "button", type: "button", autofocus: true, on: { click: close } }, words.cancel))));
  dialog.addEventListener("cancel", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

// Fills the form with an earlier request.
function use(request) {
  const at = page.models.findIndex((one) => one.model === request.model && one.api === request.api);
  kept.model = Math.max(at, 0);
  kept.prompt = request.prompt;
  kept.values = request.fields ?? valuesIn(request.body, page.models[kept.model]);
  images.set(request.images);
  refresh();
  document.getElementById("prompt").focus();
}

// The fields of a body that was sent, by their paths.
function valuesIn(body, model) {
  const at = (path) => path.split(".").reduce((value, name) => value?.[name], body);
  const found = fieldsOf(model).map((field) => [field.path, at(field.path)]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}
