// Any text against the documents: each sentence with its verdict and what it rests on.

import { post } from "./api.js";
import { citationMark, permalink } from "./cite.js";
import { announce, badge, copy, download, el, problem, waiting } from "./dom.js";
import { inline, shape } from "./markdown.js";

const FAILURES = {
  contradiction: "contradicted", unsupported_addition: "not in the documents", fabricated_reference: "names what no document names",
};

export function checkPage(view) {
  const out = el("div");
  const text = el("textarea", { id: "claims", rows: "8", maxlength: "200000", required: true, placeholder: "A draft, a summary, an answer of another tool" });
  const form = el("form", {}, el("label", { for: "claims" }, "The text to check"), text, el("div", { class: "row actions" }, el("button", { class: "primary", type: "submit" }, "Check")));
  view.append(el("h1", {}, "Check a text"), el("p", { class: "soft" }, "Each sentence is held against your documents, by the rules that an answer has to pass. One that fails is not false for that: the documents do not say it."), el("div", { class: "panel" }, form), out);
  form.addEventListener("submit", (event) => { event.preventDefault(); if (text.value.trim()) run(text.value); });

  async function run(said) {
    out.replaceChildren(el("div", { class: "panel" }, waiting("Checking each sentence")));
    try {
      show(await post("/v1/check", { text: said }));
    } catch (error) {
      out.replaceChildren(problem(error));
    }
  }

  function show(checked) {
    const cited = new Map(checked.citations.map((one) => [one.number, one]));
    const whole = asMarkdown(checked, cited);
    out.replaceChildren(
      el("div", { class: "row verdict" }, badge(count(checked.supported, "supported", "supported"), "good"), checked.failed ? badge(count(checked.failed, "fails", "fail"), "bad") : null,
        checked.unclaimed ? badge(`${checked.unclaimed} without a claim`) : null),
      el("ol", { class: "panel checked", "aria-label": "Sentences" }, checked.sentences.map((one) => line(one, cited))),
      el("div", { class: "row actions" }, el("button", { type: "button", onclick: (e) => copy(whole, e.currentTarget) }, "Copy as Markdown"),
        el("button", { type: "button", onclick: () => download("checked.json", JSON.stringify(checked, null, 2), "application/json") }, "Download JSON")));
    out.scrollIntoView({ block: "start" });
    announce(`${checked.supported} supported, ${checked.failed} failed`);
  }
}

function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

function word(sentence) {
  if (!sentence.verdict) return ["no claim", ""];
  if (sentence.verdict.supported) return ["supported", "good"];
  const [kind] = (sentence.verdict.failure || "").split(":");
  return [FAILURES[kind] || "fails", "bad"];
}

function line(sentence, cited) {
  const [said, tone] = word(sentence);
  const failed = sentence.verdict && !sentence.verdict.supported;
  const near = failed ? cited.get(sentence.closest) : null;
  return el("li", { class: `claim ${tone || "none"}` },
    el("div", { class: "row" }, badge(said, tone), failed ? el("span", { class: "soft small" }, [(sentence.verdict.failure || "").split(":")[1], sentence.verdict.detail].filter(Boolean).join(": ")) : null),
    el("div", {}, body(sentence), sentence.citations.map((number) => citationMark(number, cited.get(number)))),
    near ? el("figure", { class: "small quoted" }, el("figcaption", { class: "soft" }, "Comes closest: ", near.title, citationMark(near.number, near)), el("blockquote", {}, near.quote)) : null,
    sentence.verdict?.caution ? el("p", { class: "small soft" }, `Caution: ${sentence.verdict.caution}`) : null);
}

function body(sentence) {
  const form = shape(sentence.text);
  if (form.kind === "code" || sentence.form === "code") return el("pre", { tabindex: "0" }, el("code", {}, form.body ?? sentence.text));
  if (form.kind === "row") return el("p", {}, inline(form.cells.join(" | ")));
  return el("p", {}, inline(form.body));
}

function asMarkdown(checked, cited) {
  const lines = checked.sentences.map((one) => {
    const numbers = one.citations.length ? one.citations : [one.closest].filter(Boolean);
    return `- **${word(one)[0]}**: ${one.text.replace(/\s+/g, " ")}${numbers.map((number) => `[${number}]`).join("")}`;
  });
  const sources = [...cited.values()].map((one) => `[${one.number}] [${one.title}, ${one.place}](${permalink(one)})`);
  return `${lines.join("\n")}\n${sources.length ? `\n${sources.join("\n\n")}\n` : ""}`;
}
