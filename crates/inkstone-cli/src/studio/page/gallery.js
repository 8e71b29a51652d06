// The pictures that were made, and those that are on their way, each with its request.

import { copyButton, h, pair } from "/_studio/dom.js";
import { words } from "/_studio/words.js";

// The latest first. What is on its way has no picture yet.
const entries = [];
let grid = null;
let useAgain = () => {};

export function render(use) {
  useAgain = use;
  grid = h("div", { class: "gallery" });
  for (const entry of entries) entry.element = card(entry);
  grid.append(...entries.map((entry) => entry.element));
  showBlank();
  return grid;
}

export function add(image, order, commands) {
  insert({ image, order, commands });
}

export function has(image) {
  return entries.some((entry) => entry.image?.url === image.url);
}

// A place for the pictures of an order that is on its way.
export function wait(order) {
  const entry = { order, doubt: "" };
  insert(entry);
  entry.element.scrollIntoView({ block: "nearest" });
}

// Says that it is not known how an order fares; nothing where it is.
export function doubt(order, text) {
  const entry = waiting(order);
  if (!entry || entry.doubt === text) return;
  entry.doubt = text;
  const element = card(entry);
  entry.element.replaceWith(element);
  entry.element = element;
}

// Puts the pictures of an order where it was waited for.
export function settle(order, answer) {
  const entry = waiting(order);
  if (entry) {
    entries.splice(entries.indexOf(entry), 1);
    entry.element.remove();
  }
  for (const image of answer.images ?? []) add(image, order, answer.commands);
  showBlank();
}

const waiting = (order) => entries.find((entry) => !entry.image && entry.order.id === order.id);

function insert(entry) {
  const there = entry.image ? entries.find((one) => one.image?.url === entry.image.url) : null;
  if (there) {
    entries.splice(entries.indexOf(there), 1);
    there.element.remove();
  }
  entries.unshift(entry);
  entry.element = card(entry);
  grid.prepend(entry.element);
  showBlank();
}

function showBlank() {
  grid.querySelector(".blank")?.remove();
  if (entries.length > 0) return;
  grid.append(h("div", { class: "blank all" }, h("div", {},
    h("div", { class: "ink-drops", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
    h("strong", {}, words.emptyTitle), words.emptyText)));
}

function card(entry) {
  const { image, order: { request, real } } = entry;
  const place = real ? h("span", { class: "badge good" }, words.real) : h("span", { class: "badge" }, words.sandbox);
  const about = [h("span", { class: "said", dir: "auto" }, request.prompt),
    h("span", { class: "facts" }, h("span", { class: "badge" }, request.model), place)];
  if (!image) {
    return h("figure", { class: "card shot waiting" },
      h("div", { class: "frame" }, h("div", {}, h("div", { class: "spin" }), entry.doubt || words.making)),
      h("figcaption", {}, about));
  }
  return h("figure", { class: "card shot" },
    h("button", { class: "frame", type: "button", "aria-label": pair(words.open, request.prompt), on: { click: () => open(entry) } },
      h("img", { src: image.url, alt: request.prompt, loading: "lazy" })),
    h("figcaption", {}, about,
      h("span", { class: "row" }, copyButton(entry.commands.cli, { copy: "CLI", copied: words.copied }),
        h("button", { type: "button", class: "button small", on: { click: () => useAgain(request) } }, words.again))));
}

function open(start) {
  let shown = start;
  const picture = h("img", {});
  const text = h("p", { dir: "auto" });
  const path = h("p", { class: "note mono" });
  const show = () => {
    picture.src = shown.image.url;
    picture.alt = shown.order.request.prompt;
    text.textContent = shown.order.request.prompt;
    path.textContent = shown.order.real ? `${words.saved} ${shown.image.path}` : "";
  };
  const made = () => entries.filter((entry) => entry.image);
  const turn = (step) => {
    const all = made();
    shown = all[(all.indexOf(shown) + step + all.length) % all.length];
    show();
  };
  show();
  const close = h("button", { class: "button", type: "button", autofocus: true, on: { click: () => dialog.close() } }, words.close);
  const steps = made().length < 2 ? [] : [["←", words.previous, -1], ["→", words.next, 1]].map(([sign, label, step]) =>
    h("button", { class: "button", type: "button", "aria-label": label, on: { click: () => turn(step) } }, sign));
  const dialog = h("dialog", { class: "picture", "aria-label": words.gallery },
    h("div", { class: "inside" }, picture, text, path, h("div", { class: "row" }, close, steps)));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn(1);
    if (event.key === "ArrowLeft") turn(-1);
  });
  document.body.append(dialog);
  dialog.showModal();
}
