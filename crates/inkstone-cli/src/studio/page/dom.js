// Makes elements. Text is only ever set as text, so nothing foreign becomes markup.

import { language, words } from "/_studio/words.js";

export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (value === true) {
      element.setAttribute(key, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter(Boolean));
}

// Says something to those who listen to the page.
export function say(text) {
  document.getElementById("spoken").textContent = text;
}

// Asks this program, which answers in the language of the page.
export async function ask(path, body, signal) {
  const headers = { "Accept-Language": language() };
  const options = body === undefined ? { headers, signal } : {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, lang: language() }),
    signal,
  };
  const reply = await fetch(path, options);
  const json = await reply.json();
  if (reply.ok) return json;
  const text = typeof json.error === "string" ? json.error : json.error?.message ?? reply.statusText;
  throw Object.assign(new Error(text), { isRefusal: true });
}

// What is said of something, as in "Cost: 2 CNY".
export function pair(name, text) {
  return `${name}${words.colon}${text}`;
}

export function after(milliseconds, work) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...args), milliseconds);
  };
}

// A button that copies a text, and says so.
export function copyButton(text, said) {
  const button = h("button", { type: "button", class: "button small" }, said.copy);
  button.addEventListener("click", async () => {
    await copy(typeof text === "function" ? text() : text);
    button.textContent = said.copied;
    say(said.copied);
    setTimeout(() => { button.textContent = said.copy; }, 1500);
  });
  return button;
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // A page that was opened by an address of this machine may not have a clipboard.
    const area = h("textarea", { "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

export function codeBox(node, text, words, label) {
  const pre = h("pre", { tabindex: "0", role: "group", "aria-label": label }, node ?? text);
  return h("div", { class: "code-box" }, pre, copyButton(text, words));
}
