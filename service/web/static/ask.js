// Ask, and watch verified sentences arrive.

import { events } from "./api.js";
import { AnswerView } from "./answer.js";
import { el, problem, waiting } from "./dom.js";

const EXAMPLES = [
  "What happens to a document that fails to parse?",
  "Why does Aether refuse a question?",
  "How do I restore from a backup?",
];

export function askPage(view, rest) {
  let running = null;
  let conversation = "";
  const field = el("textarea", { id: "question", name: "question", rows: "2", maxlength: "4000", required: true, placeholder: "Ask about your systems" });
  const length = el("select", { name: "length", "aria-label": "Length of the answer" },
    el("option", { value: "brief" }, "Brief"), el("option", { value: "normal", selected: true }, "Normal"), el("option", { value: "full" }, "Full"));
  const go = el("button", { type: "submit", class: "primary" }, "Ask");
  const out = el("div", { id: "answer" });
  const examples = el("div", { class: "examples" }, EXAMPLES.map((text) => el("button", { type: "button", onclick: () => ask(text) }, text)));
  const form = el("form", { class: "ask" }, el("label", { for: "question" }, "Your question"), field, el("div", { class: "row" }, length, el("span", { class: "grow" }), go));
  const page = el("div", {}, el("div", { class: "hero" }, el("h1", {}, "What would you like to know?"),
    el("p", { class: "soft lead" }, "Every sentence is quoted from your documents, cited and checked. Where they are silent, that is said."), form, examples), out);
  view.append(page);

  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (field.value.trim()) ask(field.value.trim()); });

  async function ask(question) {
    running?.abort();
    const mine = running = new AbortController();
    field.value = question;
    document.title = `${question} · Aether`;
    page.classList.add("asked");
    examples.remove();
    history.replaceState(null, "", `#/?q=${encodeURIComponent(question)}`);
    out.replaceChildren(el("div", { class: "panel" }, waiting("Searching and checking")));
    let shown = null;
    try {
      const body = { question, length: length.value, ...(conversation ? { conversation } : {}) };
      for await (const { event, data } of events("/v1/ask", body, mine.signal)) {
        shown ??= new AnswerView(out);
        shown.question = question;
        if (event === "sentence") shown.add(data.sentence, data.citations);
        else if (event === "answer") { shown.finish(data); conversation = data.conversation || ""; }
        else if (event === "problem") throw Object.assign(new Error(data.detail), data);
      }
    } catch (error) {
      if (error.name !== "AbortError") out.append(problem(error));
    } finally {
      if (running === mine && !shown) out.querySelector(".spinner")?.closest(".panel").remove();
    }
  }

  const given = new URLSearchParams(rest.startsWith("?") ? rest.slice(1) : "").get("q");
  if (given) ask(given); else field.focus({ preventScroll: true });
  return () => { running?.abort(); document.title = "Aether"; };
}
