// Search, filters, a lightbox and copying, for one page of the sheet. It asks for nothing.
"use strict";
(() => {
  const cards = [...document.querySelectorAll("article")];
  const make = (name, attributes, text) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  document.documentElement.classList.add("js");

  // Filters.
  const bar = make("form", { class: "filters", role: "search", "aria-label": "Filter the jobs of this page" });
  const search = make("input", { type: "search", placeholder: "Search (/)", "aria-label": "Search ids, prompts and messages" });
  const select = (label, values) => {
    const element = make("select", { "aria-label": label });
    element.append(make("option", { value: "" }, label));
    for (const [value, count] of values) element.append(make("option", { value }, `${value} (${count})`));
    return element;
  };
  const counted = (of) => {
    const counts = new Map();
    for (const card of cards) counts.set(of(card), (counts.get(of(card)) ?? 0) + 1);
    return [...counts].sort();
  };
  const states = select("All states", counted((card) => card.className));
  const models = select("All models", counted((card) => card.dataset.model));
  const shown = make("output", { "aria-live": "polite" });
  bar.append(search, states, models, shown);
  document.querySelector("header").append(bar);
  const texts = cards.map((card) => card.querySelector(".text").textContent.toLowerCase());
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    cards.forEach((card, at) => {
      const fits = (states.value === "" || card.className === states.value)
        && (models.value === "" || card.dataset.model === models.value)
        && words.every((word) => texts[at].includes(word));
      card.hidden = !fits;
      count += fits ? 1 : 0;
    });
    shown.textContent = `${count} of ${cards.length}`;
  };
  for (const input of [search, states, models]) input.addEventListener("input", filter);
  bar.addEventListener("submit", (event) => event.preventDefault());
  filter();

  // Copying.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", {});
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  document.querySelector("main").addEventListener("click", async (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const card = button.closest("article");
    const from = button.className === "copy-prompt" ? ".prompt" : ".command";
    const source = card.querySelector(from);
    // What is shown has marks in the place of characters that none sees.
    await copy(source?.dataset.exact ?? source?.textContent ?? "");
    // After a second click it is not what it says at first.
    button.dataset.label ??= button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = button.dataset.label; }, 1200);
  });
  for (const card of cards) {
    if (!card.querySelector(".prompt")) card.querySelector(".copy-prompt").remove();
  }

  // The lightbox: every picture of the cards that are shown, one after the other.
  const dialog = make("dialog", { "aria-label": "Picture" });
  const picture = make("img", { alt: "" });
  const caption = make("p", { dir: "auto" });
  const button = (text, label, act) => {
    const element = make("button", { type: "button", "aria-label": label }, text);
    element.addEventListener("click", act);
    return element;
  };
  let links = [];
  let at = 0;
  const show = (to) => {
    at = (to + links.length) % links.length;
    const image = links[at].querySelector("img");
    picture.src = links[at].getAttribute("href");
    original.href = picture.src;
    picture.alt = image.alt;
    const prompt = links[at].closest("article").querySelector(".prompt")?.textContent ?? "";
    caption.textContent = `${image.alt} (${at + 1} of ${links.length})${prompt ? `: ${prompt}` : ""}`;
  };
  const tools = make("div", { class: "tools" });
  const original = make("a", { target: "_blank", rel: "noopener" }, "Open file");
  tools.append(button("←", "Previous picture", () => show(at - 1)), button("→", "Next picture", () => show(at + 1)),
    original, button("Close", "Close", () => dialog.close()));
  dialog.append(picture, caption, tools);
  document.body.append(dialog);
  document.querySelector("main").addEventListener("click", (event) => {
    const link = event.target.closest(".pictures a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    links = [...document.querySelectorAll("article:not([hidden]) .pictures a")];
    show(links.indexOf(link));
    dialog.showModal();
  });
  dialog.addEventListener("close", () => links[at]?.focus());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  document.addEventListener("keydown", (event) => {
    if (dialog.open) {
      const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: links.length - 1 };
      if (event.key in steps) { event.preventDefault(); show(steps[event.key]); }
    } else if (event.key === "/" && !/input|select|textarea/i.test(event.target.tagName)) {
      event.preventDefault();
      search.focus();
    }
  });
})();
