// The pictures that were made since the page was opened, each with its request.

import { copyButton, h } from "/_studio/dom.js";
import { words } from "/_studio/words.js";

const made = [];
let grid = null;
let useAgain = () => {};

export function render(use) {
  useAgain = use;
  grid = h("div", { class: "gallery" });
  show();
  return grid;
}

export function add(image, answer, request) {
  made.unshift({ image, request, real: answer.real === true, commands: answer.commands });
  show();
}

// A place for a picture that is on its way.
export function wait(request) {
  const card = h("figure", { class: "card shot waiting" },
    h("div", { class: "frame" }, h("div", {}, h("div", { class: "spin" }), words.making)),
    h("figcaption", {}, h("span", { class: "said" }, request.prompt)));
  if (made.length === 0) grid.replaceChildren();
  grid.prepend(card);
  return { remove: () => { card.remove(); if (made.length === 0) show(); } };
}

function show() {
  if (made.length === 0) {
    grid.replaceChildren(h("div", { class: "blank all" }, h("div", {},
      h("div", { class: "ink-drops", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
      h("strong", {}, words.emptyTitle), words.emptyText)));
    return;
  }
  grid.replaceChildren(...made.map((one, at) => card(one, at)));
}

function card(one, at) {
  const label = `${words.open}: ${one.request.prompt}`;
  return h("figure", { class: "card shot" },
    h("button", { class: "frame", type: "button", "aria-label": label, on: { click: () => open(at) } },
      h("img", { src: one.image.url, alt: one.request.prompt, loading: "lazy" })),
    h("figcaption", {},
      h("span", { class: "said", dir: "auto" }, one.request.prompt),
      h("span", { class: "facts" }, h("span", { class: "badge" }, one.request.model),
        one.real ? h("span", { class: "badge good" }, words.real) : h("span", { class: "badge" }, words.sandbox)),
      h("span", { class: "row" }, copyButton(one.commands.cli, { copy: "CLI", copied: words.copied }),
        h("button", { type: "button", class: "button small", on: { click: () => useAgain(one.request) } }, words.again))));
}

function open(start) {
  let at = start;
  const picture = h("img", {});
  const text = h("p", { dir: "auto" });
  const path = h("p", { class: "note mono" });
  const turn = (to) => {
    at = (to + made.length) % made.length;
    picture.src = made[at].image.url;
    picture.alt = made[at].request.prompt;
    text.textContent = made[at].request.prompt;
    path.textContent = made[at].real ? `${words.saved} ${made[at].image.path}` : "";
  };
  turn(start);
  const close = h("button", { class: "button", type: "button", autofocus: true, on: { click: () => dialog.close() } }, words.close);
  const steps = made.length < 2 ? [] : [["←", -1], ["→", 1]].map(([sign, step]) =>
    h("button", { class: "button", type: "button", "aria-label": sign, on: { click: () => turn(at + step) } }, sign));
  const dialog = h("dialog", { class: "picture", "aria-label": words.gallery },
    h("div", { class: "inside" }, picture, text, path, h("div", { class: "row" }, close, steps)));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") turn(at + 1);
    if (event.key === "ArrowLeft") turn(at - 1);
  });
  document.body.append(dialog);
  dialog.showModal();
}
