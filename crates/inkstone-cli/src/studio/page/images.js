// The pictures to start from: files of this machine, which are brought once, and addresses.

import { ask, fill, h, pair } from "/_studio/dom.js";
import { words } from "/_studio/words.js";

let images = [];
let list = h("ul", {});
let typed = null;
let wrong = null;
let changed = () => {};

export function field(whenChanged) {
  changed = whenChanged;
  const before = typed?.value ?? "";
  list = h("ul", { class: "list" });
  wrong = h("div", { class: "wrong", role: "alert", id: "image-wrong" });
  typed = h("input", { id: "image-url", type: "url", placeholder: "https://", "aria-label": words.imageUrl, on: {
    input: changed,
    keydown: (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      addTyped();
    },
  } });
  typed.value = before;
  const file = h("input", { id: "image-file", type: "file", accept: "image/*", multiple: true, on: { change: async (event) => {
    await addFiles([...event.target.files]);
    file.value = "";
  } } });
  show();
  return h("div", { class: "field" }, h("label", { for: "image-file" }, words.images),
    h("div", { class: "hint" }, words.imagesHint), file, wrong,
    h("div", { class: "row" }, h("div", { class: "grow" }, typed),
      h("button", { type: "button", class: "button small", on: { click: addTyped } }, words.add)), list);
}

const typedAddress = () => typed?.value.trim() ?? "";

// What a request has of them now, with an address that is typed and not yet added.
export function current() {
  const address = typedAddress();
  return address === "" ? [...images] : [...images, { uri: address }];
}

export function set(others) {
  images = [...others];
  if (typed) typed.value = "";
}

// Makes an address that is typed one of the pictures.
export function addTyped() {
  if (typedAddress() === "") return;
  set(current());
  update();
}

export async function addFiles(files) {
  wrong.textContent = "";
  for (const file of files) {
    try {
      const { hash } = await ask("/_studio/input", { uri: await dataUri(file) });
      images = [...images, { name: file.name, hash }];
    } catch (error) {
      wrong.textContent = pair(file.name, error.message);
    }
  }
  update();
}

function update() {
  show();
  changed();
}

function show() {
  fill(list, images.map((image) => {
    const name = image.name ?? image.uri;
    const remove = () => {
      images = images.filter((one) => one !== image);
      update();
      typed.focus();
    };
    return h("li", { class: "row apart" }, h("span", { class: "mono" }, name),
      h("button", { type: "button", class: "button small", "aria-label": pair(words.remove, name), on: { click: remove } }, words.remove));
  }));
}

function dataUri(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
