// An answer that grows: sentences with their kind, their citations and what they rest on.

import { announce, badge, copy, download, el } from "./dom.js";
import { inline, shape } from "./markdown.js";
import { offers, post } from "./api.js";
import { address, citationMark, permalink } from "./cite.js";
import { diagram } from "./diagram.js";

const KINDS = {
  derived: "derived", assumption: "assumption", judgement: "judgement", question: "question to you", notice: "notice",
};
const STATUS = { grounded: ["Grounded: every sentence is cited and checked", "good"], partial: ["Partial: some sentences failed a check and were left out", "warn"], refused: ["Not answered", "bad"] };

export class AnswerView {
  constructor(host) {
    this.citations = new Map();
    this.sentences = [];
    this.head = el("div", { class: "verdict" });
    this.said = el("div", { class: "said", "aria-live": "polite" });
    this.foot = el("div");
    this.list = el("div");
    this.sources = el("aside", { class: "sources", "aria-label": "Sources" }, el("h2", {}, "Sources"), this.list);
    this.sources.hidden = true;
    this.root = el("article", { class: "answer" }, el("div", { class: "panel" }, this.head, this.said, this.foot), this.sources);
    host.replaceChildren(this.root);
  }

  add(sentence, citations) {
    for (const citation of citations) this.addSource(citation);
    this.sentences.push(sentence);
    if (sentence.section && sentence.section !== this.section) {
      this.section = sentence.section;
      this.said.append(el("h2", {}, sentence.section));
      this.open = null;
    }
    const { host, node } = this.place(sentence);
    node.append(...this.marks(sentence));
    node.addEventListener("mouseenter", () => this.light(sentence.citations, true));
    node.addEventListener("mouseleave", () => this.light(sentence.citations, false));
    if (host) this.said.append(host);
  }

  // Where a sentence goes: into the open paragraph, list or table, or a new one.
  place(sentence) {
    const form = shape(sentence.text);
    const tag = this.tag(sentence);
    if (form.kind === "code") {
      this.open = null;
      const shown = form.language === "mermaid" ? diagram(form.body) : el("pre", { tabindex: "0" }, el("code", {}, form.body));
      const node = el("div", { class: "sentence" }, shown);
      return { host: node, node };
    }
    if (form.kind === "row") return this.row(form);
    if (form.kind === "item") {
      const name = form.ordered ? "ol" : "ul";
      const node = el("li", { class: "sentence", value: form.ordered ? form.number : null }, tag, inline(form.body));
      const goesOn = this.open?.name === name && !(form.ordered && form.number <= this.open.number);
      if (goesOn) this.open.host.append(node);
      else this.open = { name, host: el(name, {}, node) };
      this.open.number = form.number;
      if (goesOn) return { host: null, node };
      return { host: this.open.host, node };
    }
    const lead = this.sentences.length === 1 ? " lead-sentence" : "";
    const node = el("span", { class: `sentence${lead}` }, tag, inline(form.body));
    const same = this.open?.name === "p" && String(this.open.citations) === String(sentence.citations) && sentence.kind === "cited";
    if (same) {
      // One mark where a source ends, not one a sentence.
      this.open.host.lastElementChild.querySelectorAll(".cite").forEach((mark) => mark.remove());
      this.open.host.append(" ", node);
      return { host: null, node };
    }
    this.open = { name: "p", host: el("p", {}, node), citations: sentence.citations };
    return { host: this.open.host, node };
  }

  row(form) {
    const first = this.open?.name !== "table";
    if (first) {
      const table = el("table");
      this.open = { name: "table", table, host: el("div", { class: "table", tabindex: "0" }, table) };
    }
    const cells = form.cells.map((cell) => el(first ? "th" : "td", first ? { scope: "col" } : {}, inline(cell)));
    this.open.table.append(el("tr", { class: "sentence" }, cells));
    return { host: first ? this.open.host : null, node: cells.at(-1) };
  }

  tag(sentence) {
    const name = KINDS[sentence.kind];
    return name ? el("span", { class: `kind ${sentence.kind}` }, name) : null;
  }

  marks(sentence) {
    const marks = sentence.citations.map((number) => this.mark(number));
    if (sentence.formula) marks.unshift(el("span", { class: "formula" }, sentence.formula));
    if (sentence.kind === "cited") marks.push(this.feedback(sentence));
    return marks;
  }

  mark(number) {
    return citationMark(number, this.citations.get(number));
  }

  light(numbers, on) {
    for (const number of numbers) document.getElementById(`source-${number}`)?.classList.toggle("lit", on);
  }

  feedback(sentence) {
    const send = async (vote, button) => {
      const reason = vote === "down" ? prompt("What is wrong with this sentence?") : "";
      if (reason === null) return;
      await post("/v1/feedback", { question: this.question || "", sentence: sentence.text, vote, reason, answer: this.answer?.id || "" });
      button.parentElement.replaceChildren(el("span", { class: "soft small" }, "noted"));
      announce("Feedback noted");
    };
    const host = el("span", { class: "feedback", hidden: true },
      el("button", { type: "button", title: "This sentence is right", "aria-label": "This sentence is right", onclick: (e) => send("up", e.currentTarget) }, "✓"),
      el("button", { type: "button", title: "Something is wrong here", "aria-label": "Something is wrong with this sentence", onclick: (e) => send("down", e.currentTarget) }, "✗"));
    offers("/v1/feedback", "post").then((can) => { host.hidden = !can; });
    return host;
  }

  addSource(citation) {
    if (this.citations.has(citation.number)) return;
    this.citations.set(citation.number, citation);
    this.sources.hidden = false;
    const old = citation.superseded_by?.length ? `superseded by ${citation.superseded_by.join(", ")}` : "";
    const stale = /superseded|deprecated|obsolete|withdrawn/i.test(citation.status);
    this.list.append(el("a", { class: "source", id: `source-${citation.number}`, href: address(citation) },
      el("div", { class: "title" }, `${citation.number}. ${citation.title}`),
      el("div", { class: "path" }, [citation.section.filter((s) => s !== citation.title).join(" › "), citation.place].filter(Boolean).join(" · ")),
      el("div", { class: "quote" }, citation.quote),
      el("div", { class: "row" }, badge(citation.kind), badge(citation.status, stale ? "warn" : ""), badge(citation.tier), badge(citation.modified_at.slice(0, 10)), badge(age(citation.modified_at)), badge(old, "warn"))));
  }

  finish(answer) {
    this.answer = answer;
    this.question = answer.question;
    for (const citation of answer.citations) this.addSource(citation);
    const [words, tone] = STATUS[answer.status];
    this.head.replaceChildren(...[badge(words, tone),
      answer.status !== "refused" ? badge(`${Math.round(100 * answer.confidence)} % sure that this answers it`) : null,
      answer.composer !== "extractive" ? badge(`written by ${answer.composer}, checked here`) : null,
      answer.usage?.degraded ? badge(answer.usage.degraded, "warn") : null].filter(Boolean));
    if (answer.refusal) this.refuse(answer);
    this.foot.replaceChildren(...answer.conflicts.map((conflict) => this.conflict(conflict)), ...[this.dropped(answer)].filter(Boolean), this.actions(answer));
    announce(answer.refusal ? "Not answered" : `Answered with ${answer.citations.length} sources`);
  }

  refuse(answer) {
    const { refusal } = answer;
    this.said.replaceChildren(...answer.text.split(/\n{2,}/).filter((part) => !part.startsWith("Nearest documents:")).map((part) => el("p", {}, inline(part))));
    if (refusal.nearest.length) this.said.append(el("p", {}, "Nearest documents: ", refusal.nearest.map((name) => el("a", { class: "badge", href: `#/document/${encodeURIComponent(name)}` }, name))));
    this.said.append(el("p", { class: "soft small" }, `Searched ${refusal.searched}.`));
  }

  conflict(conflict) {
    const sides = conflict.sides.map((side) => {
      const wins = conflict.prevails === side.citation;
      return el("div", { class: `side${wins ? " prevails" : ""}` }, el("p", {}, inline(side.says), this.mark(side.citation)),
        el("div", { class: "row" }, badge(side.date), wins ? badge("takes precedence", "good") : null));
    });
    return el("section", { class: "panel conflict" }, el("strong", {}, `The documents disagree on ${conflict.subject}`), el("div", { class: "sides" }, sides),
      el("p", { class: "soft small" }, conflict.rule ? `Rule: ${conflict.rule}.` : "No rule of precedence decides between them."));
  }

  dropped(answer) {
    if (!answer.dropped.length) return null;
    return el("details", { class: "small" }, el("summary", {}, `${answer.dropped.length} left out because a check failed`),
      el("ul", {}, answer.dropped.map((s) => el("li", {}, inline(s.text), " ", badge(s.verdict.check, "warn"), ` ${s.verdict.detail}`))));
  }

  actions(answer) {
    return el("div", { class: "actions" },
      el("button", { type: "button", onclick: (e) => copy(asMarkdown(answer), e.currentTarget) }, "Copy as Markdown"),
      el("button", { type: "button", onclick: () => download("answer.json", JSON.stringify(answer, null, 2), "application/json") }, "Download JSON"));
  }
}

export function asMarkdown(answer) {
  const sources = answer.citations.map((c) => `[${c.number}] [${c.title}, ${c.place}](${permalink(c)})`);
  return `> ${answer.question}\n\n${answer.text}\n${sources.length ? `\n${sources.join("\n")}\n` : ""}`;
}

function age(date) {
  const days = Math.floor((Date.now() - Date.parse(date)) / 86400000);
  if (Number.isNaN(days) || days < 365) return "";
  return `${Math.floor(days / 365)} ${days < 730 ? "year" : "years"} old`;
}
