// Orders: each is sent once, under a name of its own, and asked about until it is known what
// became of it. A page that is opened anew asks about those that it had.

import { ask, h, pair, pause, reason, say } from "/_studio/dom.js";
import * as gallery from "/_studio/gallery.js";
import { words } from "/_studio/words.js";

const EVERY = 400;
const STORE = "inkstone.orders";

// What is sent and not known to have come, and what the page says of others.
const running = new Map();
const notices = [];
let isLooking = false;
let place = null;
let out = "";

export function render(state) {
  out = state.out ?? "";
  place = h("div", { class: "stack" }, notices.map(notice));
  return place;
}

addEventListener("beforeunload", (event) => {
  if ([...running.values()].some((order) => order.real)) event.preventDefault();
});

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) ?? [];
  } catch {
    return [];
  }
}

function store(orders) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(orders));
  } catch {
    // Without storage it is known until the page is closed.
  }
}

const forget = (id) => store(stored().filter((order) => order.id !== id));
const remember = (order) => store([...stored().filter((one) => one.id !== order.id), order]);

function newName() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Sends a request. Where its cost has to be confirmed first, nothing was sent, and this is it.
export async function send(request, real, confirm) {
  const order = { id: newName(), real, request };
  const isPaid = real && Boolean(confirm);
  const unsent = () => { running.delete(order.id); forget(order.id); };
  if (isPaid) {
    running.set(order.id, order);
    remember(order);
  }
  try {
    const answer = await ask("/_studio/run", { ...request, real, confirm, order: order.id });
    if (answer.confirm) {
      unsent();
      return answer;
    }
  } catch (error) {
    // Who refuses has sent nothing; whether an order arrived that nobody answers, is not known.
    if (error.isRefusal || !isPaid) {
      unsent();
      throw error;
    }
  }
  watch(order);
  return null;
}

// Waits until it is known what became of an order.
async function watch(order) {
  running.set(order.id, order);
  gallery.wait(order);
  for (;;) {
    const found = await state(order.id);
    gallery.doubt(order, found.error ? doubt(order, found.error) : "");
    if (found === "unknown" || found.answer) {
      running.delete(order.id);
      conclude(order, found);
      return;
    }
    await pause(EVERY, found.error);
  }
}

const doubt = (order, error) => order.real ? [reason(error), billed()].join(words.gap) : reason(error);
const billed = () => `${words.billed} ${out}`;

async function state(id) {
  try {
    return await ask(`/_studio/order/${id}`);
  } catch (error) {
    return error.status === 404 ? "unknown" : { error };
  }
}

function conclude(order, found) {
  const answer = found.answer ?? order.told ?? { error: words.unknown, may_have_been_billed: order.real, isUnknown: order.real };
  gallery.settle(order, answer);
  if (answer.error) {
    tell({ ...answer, order });
    lookForUnknown();
  } else {
    forget(order.id);
    say(pair(words.came, order.request.prompt));
  }
}

// Says what went wrong until it is closed. What may have been billed, or was, is said after a reload
// too, whatever the studio knows then.
export function tell(problem) {
  const { order, ...told } = problem;
  if (order?.real && (told.may_have_been_billed || told.unsaved?.length > 0)) remember({ ...order, told });
  else if (order) forget(order.id);
  notices.unshift(problem);
  const element = notice(problem);
  place.prepend(element);
  element.scrollIntoView({ block: "nearest" });
}

// What was read here is not told elsewhere, if the studio still knows of it.
function dismiss(order) {
  forget(order.id);
  if (order.real) ask("/_studio/close", { order: order.id }).catch(() => {});
}

function notice(problem) {
  const close = () => {
    notices.splice(notices.indexOf(problem), 1);
    if (problem.order) dismiss(problem.order);
    element.remove();
  };
  const lost = (problem.unsaved ?? []).map((one) => h("li", {}, address(one.url), h("div", {}, one.reason),
    one.cut_short ? h("div", { class: "mono" }, one.cut_short) : null));
  // Who says what to do says more than that it may have been billed.
  const advice = problem.hint ?? (problem.may_have_been_billed ? billed() : null);
  const told = [problem.error, ...[].concat(problem.details ?? []), ...(problem.unmade ?? []), advice].filter(Boolean).join("\n");
  const kept = told.includes(problem.kept) ? null : problem.kept;
  const element = h("div", { class: "callout stack", role: "alert" },
    problem.order ? h("strong", { dir: "auto" }, problem.order.request.prompt) : null,
    h("div", {}, told),
    lost.length > 0 ? h("ul", { class: "list" }, lost) : null,
    kept ? h("div", {}, pair(words.kept, ""), h("code", {}, kept)) : null,
    h("div", {}, h("button", { type: "button", class: "button small", on: { click: close } }, words.close)));
  return element;
}

function address(url) {
  return /^https?:/.test(url ?? "") ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, url) : url ?? null;
}

// Shows what was made before this page was opened, and asks about what was not known then.
export async function restore() {
  const made = await ask("/_studio/made");
  showSaved(made);
  const known = new Map(made.orders.map((one) => [one.order, one]));
  const waited = new Map(stored().map((one) => [one.id, one]));
  for (const [id, { request, real, answer, closed }] of known) {
    const order = { ...waited.get(id), id, real, request };
    // What was paid for in vain is told by every page until it is closed in one.
    const isTold = waited.has(id) || (real && answer?.error);
    if (!answer) {
      watch(order);
    } else if (isTold && !closed) {
      conclude(order, { answer });
    } else {
      forget(id);
      gallery.settle(order, answer);
    }
  }
  for (const [id, order] of waited) if (!known.has(id)) conclude(order, "unknown");
}

function showSaved(made) {
  for (const one of [...made.saved].reverse()) {
    if (!gallery.has(one.image)) gallery.add(one.image, { request: one, real: true }, one.commands);
  }
}

// What the studio knows nothing of may go on without it, and its picture come to the directory.
async function lookForUnknown() {
  if (isLooking) return;
  isLooking = true;
  while (notices.some((problem) => problem.isUnknown)) {
    let failed = null;
    try {
      showSaved(await ask("/_studio/made"));
    } catch (error) {
      failed = error;
    }
    await pause(10 * EVERY, failed);
  }
  isLooking = false;
}
