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
  return answer(await fetch(path, options));
}

// The JSON of a reply; one that is a refusal is an error that says why.
export async function answer(reply) {
  const json = await reply.json();
  if (reply.ok) return json;
  const text = typeof json.error === "string" ? json.error : json.error?.message ?? reply.statusText;
  throw Object.assign(new Error(text), { isRefusal: true, status: reply.status });
}

// A studio that was started anew knows only pages that are opened at its new address, as does one whose
// cookie is gone. Then the other pages of the browser go on: they have the same cookie.
const pages = channel();
export const isRefused = (error) => error?.status === 403;

function channel() {
  try {
    return new BroadcastChannel("inkstone-studio");
  } catch {
    // Browsers that keep no cookies may refuse it.
    return null;
  }
}

export function tellOpened() {
  pages?.postMessage("opened");
}

// What is said of an error while it is not known how something fares.
export const reason = (error) => isRefused(error) ? `${error.message}${words.stop}` : words.silent;

// Waits before it is asked again: some time, but where this page is refused until it may ask, or is
// looked at again.
export function pause(milliseconds, error) {
  if (!isRefused(error)) return new Promise((resolve) => setTimeout(resolve, milliseconds));
  return new Promise((resolve) => {
    pages?.addEventListener("message", resolve, { once: true });
    document.addEventListener("visibilitychange", resolve, { once: true });
  });
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
