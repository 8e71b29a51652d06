// The fields of a model's request, as its document describes them.

import { h, pair } from "/_studio/dom.js";
import { language, words } from "/_studio/words.js";

// What the form has places of its own for, or the program fills in.
const OWN = /(^|\.)(model|prompt|image|images|response_format|messages|role|content|text)(\[\]|$|\.)/;

// Those that everyone looks for come first.
const FIRST = ["size", "n", "seed", "negative_prompt", "prompt_extend", "watermark"];

export function fieldsOf(model) {
  const rank = (field) => {
    const at = FIRST.indexOf(field.path.split(".").pop());
    return at < 0 ? FIRST.length : at;
  };
  const own = model.fields.filter((field) => !OWN.test(field.path) && !field.path.includes("[]"));
  return own.sort((one, other) => rank(one) - rank(other));
}

export function isMain(field) {
  return FIRST.slice(0, 3).includes(field.path.split(".").pop()) || field.required;
}

function typesOf(rules) {
  const own = [].concat(rules.type ?? []);
  const below = [...(rules.anyOf ?? []), ...(rules.oneOf ?? [])].flatMap((part) => typesOf(part));
  return [...own, ...below];
}

function listed(rules) {
  const below = [...(rules.anyOf ?? []), ...(rules.oneOf ?? [])].flatMap((part) => listed(part));
  return [...(rules.enum ?? []), ...(rules.const !== undefined ? [rules.const] : []), ...below];
}

function bounds(rules) {
  const sides = [
    [rules.minimum ?? rules.exclusiveMinimum, rules.maximum ?? rules.exclusiveMaximum],
    [rules["x-area"]?.minimum, rules["x-area"]?.maximum],
    [rules["x-aspect-ratio"]?.minimum, rules["x-aspect-ratio"]?.maximum],
  ];
  const [values, area, ratio] = sides.map(([low, high]) => (low ?? high) === undefined ? "" : `${low ?? "…"} – ${high ?? "…"}`);
  const length = rules.maxLength === undefined ? "" : `≤ ${rules.maxLength}`;
  return [values, area && `${area} px`, ratio, length, ...(rules.anyOf ?? rules.oneOf ?? []).map(bounds)].filter(Boolean).join(" · ");
}

// A control for a field: the element, how to read its value, and how to mark it.
export function control(field, changed) {
  const id = `field-${field.path.replaceAll(".", "-")}`;
  const types = typesOf(field.rules);
  const values = listed(field.rules);
  const input = inputOf(id, field, types, values);
  input.addEventListener("input", changed);
  const wrong = h("div", { class: "wrong", id: `${id}-wrong`, hidden: true });
  const limits = bounds(field.rules);
  const hints = [limits, field.description].filter(Boolean).join("\n");
  const hint = hints ? h("div", { class: "hint", id: `${id}-hint`, lang: isChinese(hints) ? "zh" : null }, hints) : null;
  input.setAttribute("aria-describedby", `${id}-wrong ${id}-hint`);
  const last = field.path.split(".").pop();
  const name = named(field, last);
  const label = h("label", { for: id }, name, " ", h("span", { class: "code" },
    name === last ? "" : last, field.required ? ` ${words.required}` : ""));
  const list = values.length > 0 && input.tagName === "INPUT"
    ? h("datalist", { id: `${id}-list` }, values.map((value) => h("option", { value: String(value) })))
    : null;
  if (list) input.setAttribute("list", `${id}-list`);
  return {
    path: field.path,
    element: h("div", { class: "field" }, label, input, list, wrong, hint),
    read: () => read(input.value, types),
    set: (value) => { input.value = value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value); },
    mark: (messages) => {
      input.setAttribute("aria-invalid", String(messages.length > 0));
      wrong.hidden = messages.length === 0;
      wrong.textContent = messages.join("\n");
    },
  };
}

function isChinese(text) {
  return /[\u3400-\u9fff]/.test(text);
}

// In the vendor's words where they are in the language of the page, or else in ours.
function named(field, last) {
  const isOwn = field.title && (language() === "zh" || !isChinese(field.title));
  const known = words[`field_${last}`];
  return isOwn ? field.title : known.startsWith("field_") ? last : known;
}

function inputOf(id, field, types, values) {
  const usual = field.rules.default;
  const note = usual === undefined ? words.notSet : pair(words.usual, shown(usual));
  const isOpen = types.includes("string") && field.rules.anyOf;
  if (types.includes("boolean") && !types.includes("string")) {
    return h("select", { id }, h("option", { value: "" }, note),
      h("option", { value: "true" }, words.yes), h("option", { value: "false" }, words.no));
  }
  if (values.length > 0 && !isOpen && field.rules.enum) {
    return h("select", { id }, h("option", { value: "" }, note),
      values.map((value) => h("option", { value: String(value) }, String(value))));
  }
  const isNumber = types.includes("integer") || types.includes("number");
  const isNested = types.includes("object") || types.includes("array");
  if (isNested || (field.rules.maxLength ?? 0) > 200) {
    return h("textarea", { id, rows: 2, placeholder: isNested ? words.json : note });
  }
  return h("input", { id, inputmode: isNumber ? "numeric" : "text", autocomplete: "off", placeholder: note, spellcheck: "false" });
}

// A value in the words of the choices beside it.
function shown(value) {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  return typeof value === "string" ? value : JSON.stringify(value);
}

// A text as the value that the field takes; undefined where nothing was written.
function read(text, types) {
  if (text.trim() === "") return undefined;
  const isText = types.includes("string") || types.length === 0;
  try {
    const value = JSON.parse(text);
    if (!isText || (typeof value !== "string" && types.includes(typeof value))) return value;
  } catch {
    // What is not JSON is text; the document says whether that will do.
  }
  return text;
}
