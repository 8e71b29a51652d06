// Traffic: the journal as it grows, and what is to go wrong.

import { answer, ask, fill, h, pair, pause, reason } from "/_studio/dom.js";
import { language, words } from "/_studio/words.js";

const EVERY = 1000;
const MOST_SHOWN = 200;

const FAULTS = [
  [["Throttled", "限流"], ["three times 429, with Retry-After", "三次 429，带 Retry-After"], { error: "Throttling.RateQuota", retry_after: 1, times: 3 }],
  [["Server error", "服务器错误"], ["500 once", "一次 500"], { status: 500, message: "internal error" }],
  [["Proxy page", "代理返回的页面"], ["524 with HTML, though the work was done", "返回 524 和 HTML，但工作已经完成"], { html: true }],
  [["Slow", "缓慢"], ["three seconds before the reply", "应答延迟三秒"], { delay: 3000 }],
  [["Breaks off", "连接中断"], ["the connection ends within the body", "在响应体中断开"], { cut: "body" }],
  [["No reply", "没有应答"], ["the request is read, and the connection reset", "读完请求后重置连接"], { cut: { at: "request", how: "reset" } }],
  [["Refused picture", "内容审核未通过"], ["the prompt is refused", "提示词被拒绝"], { error: "DataInspectionFailed" }],
  [["No money", "余额不足"], ["the account can't pay", "账户无法付费"], { error: "Arrearage" }],
  [["Expired picture", "图片已过期"], ["the URL of a picture answers 403", "图片地址返回 403"], { on: "image", expired: true }],
  [["Task fails", "任务失败"], ["RUNNING, then FAILED", "先 RUNNING 后 FAILED"], { task: ["RUNNING", "FAILED"] }],
];

let entries = [];
let next = 0;
let run = null;
let isShown = false;
let isPaused = false;
let isAsking = false;
let page = {};

export function render(panel, state) {
  page = { rows: h("tbody", {}), counts: h("div", { class: "counts card" }), steps: h("div", {}), status: h("span", { class: "badge good" }, words.live) };
  const toggle = h("button", { type: "button", class: "button small", on: { click: () => {
    isPaused = !isPaused;
    toggle.textContent = isPaused ? words.resume : words.pause;
    showStatus();
  } } }, isPaused ? words.resume : words.pause);
  page.empty = h("div", { class: "blank" }, h("div", {}, words.noTraffic, h("br"), h("code", {}, location.origin)));
  page.table = h("div", { class: "table-wrap", tabindex: "0", role: "group", "aria-label": words.journal, hidden: true },
    h("table", {}, h("thead", {}, h("tr", {},
      h("th", { scope: "col", class: "optional" }, "#"), h("th", { scope: "col", class: "optional" }, words.time), h("th", { scope: "col" }, words.status),
      h("th", { scope: "col" }, words.path), h("th", { scope: "col", class: "optional" }, words.model), h("th", { scope: "col" }, words.details))), page.rows));
  const journal = h("section", { class: "card", "aria-labelledby": "journal" },
    h("div", { class: "head apart row" }, h("h2", { id: "journal" }, words.journal), h("div", { class: "row" }, page.status, toggle)),
    h("div", { class: "inside" }, page.empty, page.table));
  const documents = state.documents.length === 0 ? null
    : h("p", { class: "note" }, pair(words.served, state.documents.join(words.comma)));
  fill(panel, h("div", { class: "stack" }, page.counts, documents, faults(), journal));
  redraw();
  poll();
}

function faults() {
  const index = language() === "zh" ? 1 : 0;
  const buttons = FAULTS.map(([name, note, step]) => h("button", { type: "button", class: "button", on: { click: () => change("POST", step) } },
    name[index], h("small", {}, note[index])));
  const own = h("textarea", { id: "own-step", rows: 2, class: "mono", spellcheck: "false" });
  own.value = '{"on": "any", "status": 503, "times": 2}';
  page.wrong = h("div", { class: "wrong", role: "alert" });
  const add = () => {
    try {
      change("POST", JSON.parse(own.value));
    } catch (error) {
      page.wrong.textContent = error.message;
    }
  };
  return h("section", { class: "card", "aria-labelledby": "faults" },
    h("div", { class: "head apart row" }, h("h2", { id: "faults" }, words.faults),
      h("button", { type: "button", class: "button small", on: { click: () => change("DELETE") } }, words.clear)),
    h("div", { class: "inside stack" }, h("p", { class: "note" }, words.faultsNote), h("div", { class: "faults" }, buttons),
      h("details", { class: "more" }, h("summary", {}, words.custom), h("div", {},
        h("div", { class: "field" }, h("label", { for: "own-step" }, words.custom), own),
        h("div", {}, h("button", { type: "button", class: "button", on: { click: add } }, words.switchOn)))),
      page.wrong, h("h3", {}, words.waitingSteps), page.steps));
}

async function change(method, step) {
  const headers = { "Accept-Language": language(), "Content-Type": "application/json" };
  try {
    showSteps(await answer(await fetch("/_script", { method, headers, body: step === undefined ? undefined : JSON.stringify(step) })));
    page.wrong.textContent = "";
  } catch (error) {
    page.wrong.textContent = error.isRefusal ? error.message : words.silent;
  }
}

function showSteps(steps) {
  const times = (step) => step.times === "always" ? words.always : `${step.times} ${words.times}`;
  const without = ({ number, times: _, ...rest }) => JSON.stringify(rest);
  fill(page.steps, steps.length === 0 ? h("p", { class: "note" }, words.noSteps)
    : h("ul", { class: "list" }, steps.map((step) => h("li", { class: "row" },
      h("span", { class: "badge warn" }, `${words.step} ${step.number}`), h("code", {}, without(step)), h("span", { class: "note" }, times(step))))));
}

export function watch(shown) {
  isShown = shown;
  if (shown) poll();
}

// Asks for what is new, as long as someone looks.
async function poll() {
  // Asked twice at once, what is new would come twice.
  if (!page.rows || !isShown || isAsking) return;
  isAsking = true;
  let failed = null;
  try {
    if (!isPaused) {
      // A program that was started anew counts from the beginning.
      const state = await ask("/_studio/state");
      if (state.run !== run) [run, next, entries] = [state.run, 0, []];
      const [fresh, stats, steps] = await Promise.all([ask(`/_journal?from=${next}`), ask("/_stats"), ask("/_script")]);
      if (fresh.length > 0) {
        next = fresh[fresh.length - 1].seq + 1;
        entries = [...fresh.reverse(), ...entries].slice(0, MOST_SHOWN);
      }
      if (fresh.length > 0 || entries.length === 0) redraw();
      showCounts(stats);
      showSteps(steps);
      showStatus();
    }
  } catch (error) {
    failed = error;
    page.status.textContent = reason(error);
    page.status.className = "badge bad";
  }
  await pause(EVERY, failed);
  isAsking = false;
  poll();
}

function showStatus() {
  page.status.textContent = isPaused ? words.paused : words.live;
  page.status.className = isPaused ? "badge" : "badge good";
}

function showCounts(stats) {
  const facts = [[words.requests, stats.requests], [words.submitted, stats.submitted], [words.distinct, stats.distinct], [words.mostOfOne, stats.most_of_one]];
  fill(page.counts, facts.map(([name, count]) => h("div", {}, h("strong", {}, String(count)), h("span", {}, name))));
}

function redraw() {
  page.empty.hidden = entries.length > 0;
  page.table.hidden = entries.length === 0;
  fill(page.rows, entries.map(row));
}

function row(entry) {
  const kind = entry.status >= 500 || entry.status === 0 ? "bad" : entry.status >= 400 ? "warn" : "good";
  const time = new Date(entry.time).toLocaleTimeString(language(), { hour12: false });
  const marks = [entry.submitted ? h("span", { class: "badge good" }, words.submitted) : null,
    entry.step !== null ? h("span", { class: "badge warn" }, `${words.step} ${entry.step}`) : null];
  const body = entry.body === null ? null : h("details", {}, h("summary", {}, words.body), h("pre", { class: "code", tabindex: "0" }, JSON.stringify(entry.body, null, 2)));
  return h("tr", {}, h("td", { class: "seq optional" }, String(entry.seq)), h("td", { class: "time optional" }, time),
    h("td", {}, h("span", { class: `badge ${kind}` }, String(entry.status))),
    h("td", {}, h("span", { class: `method ${entry.method}` }, entry.method), " ", h("code", {}, entry.path)),
    h("td", { class: "optional" }, entry.model ?? ""),
    h("td", {}, h("div", { class: "facts" }, marks), body));
}
