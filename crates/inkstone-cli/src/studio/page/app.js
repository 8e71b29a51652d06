// The frame of the page: tabs, language, light and dark.

import { ask, h, isRefused, tellOpened } from "/_studio/dom.js";
import { language, setLanguage, words } from "/_studio/words.js";
import * as documentsTab from "/_studio/documents.js";
import * as orders from "/_studio/orders.js";
import * as trafficTab from "/_studio/traffic.js";
import * as tryTab from "/_studio/try.js";

const TABS = { try: tryTab, documents: documentsTab, traffic: trafficTab };

function remembered(name) {
  try {
    return localStorage.getItem(`inkstone.${name}`);
  } catch {
    return null;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(`inkstone.${name}`, value);
  } catch {
    // Without storage it holds until the page is closed.
  }
}

function show(name, focus = false) {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const isShown = tab.id === `tab-${name}`;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !isShown;
    if (isShown && focus) tab.focus();
  }
  trafficTab.watch(name === "traffic");
}

// Goes to a tab; the way back leads to the one before.
function go(name, focus) {
  if (named() !== name) history.pushState(null, "", `#${name}`);
  show(name, focus);
}

// The tab that the address names: none where it names a place within one.
function named() {
  const name = location.hash.slice(1);
  return Object.hasOwn(TABS, name) ? name : null;
}

function render(state, models) {
  for (const [name, tab] of Object.entries(TABS)) {
    tab.render(document.getElementById(`panel-${name}`), state, models);
  }
}

function setScheme(scheme) {
  if (scheme === "light" || scheme === "dark") document.documentElement.dataset.scheme = scheme;
}

async function start() {
  const parameters = new URLSearchParams(location.search);
  const preferred = parameters.get("lang") ?? remembered("language") ?? navigator.language;
  setLanguage(preferred.startsWith("zh") ? "zh" : "en");
  setScheme(parameters.get("scheme") ?? remembered("scheme"));
  const other = document.getElementById("language");
  const label = () => {
    other.textContent = language() === "en" ? "中文" : "English";
    other.lang = language() === "en" ? "zh" : "en";
  };
  label();
  const state = await ask("/_studio/state").catch((error) => {
    throw isRefused(error) && parameters.has("token") ? new Error(words.noCookie) : error;
  });
  tellOpened();
  // The browser has it as a cookie: the address may be shown and copied without it.
  if (parameters.has("token")) {
    const address = new URL(location.href);
    address.searchParams.delete("token");
    history.replaceState(null, "", address);
  }
  const translated = async () => render(state, await ask("/_studio/models", {}));
  await translated();
  show(named() ?? "try");
  other.addEventListener("click", async () => {
    setLanguage(language() === "en" ? "zh" : "en");
    remember("language", language());
    label();
    await translated();
  });
  document.getElementById("scheme").addEventListener("click", () => {
    const isDark = document.documentElement.dataset.scheme
      ? document.documentElement.dataset.scheme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    setScheme(isDark ? "light" : "dark");
    remember("scheme", isDark ? "light" : "dark");
  });
  const tabs = [...document.querySelectorAll("[role=tab]")];
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener("click", () => go(tab.id.slice(4)));
    tab.addEventListener("keydown", (event) => {
      const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      go(tabs[(steps[event.key] + tabs.length) % tabs.length].id.slice(4), true);
    });
  }
  addEventListener("popstate", () => { if (named() || !location.hash) show(named() ?? "try"); });
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("main").focus();
  });
  // A file that is dropped beside its place is not opened in place of the page.
  for (const name of ["dragover", "drop"]) {
    addEventListener(name, (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
  }
  await orders.restore();
  document.documentElement.dataset.ready = "yes";
}

// Where the page can't be, as in a browser without cookies, it says why.
start().catch((error) => {
  document.getElementById("main").prepend(h("p", { class: "alone", role: "alert" }, error.message));
});
