// The protocols beside asking and reviewing: a decision record, an intake, a current state, a premortem.

import { post } from "./api.js";
import { permalink } from "./cite.js";
import { announce, copy, download, el, problem, waiting } from "./dom.js";
import { inline } from "./markdown.js";

const PROTOCOLS = {
  adr: { name: "Decision record", label: "The question to be decided, then each option on a line of its own", body: ([question, ...options]) => ({ question, options }) },
  intake: { name: "Intake of an initiative", label: "What is wanted, in prose or Markdown", body: (lines) => ({ name: "initiative.md", text: lines.join("\n") }) },
  assess: { name: "Current state in figures", label: "The system, as the documents call it", body: (lines) => ({ system: lines.join(" ") }) },
  premortem: { name: "Premortem", label: "A proposal, or the name of a subject", body: (lines) => ({ name: "proposal.md", text: lines.join("\n") }) },
};

export function planPage(view, chosen) {
  const out = el("div");
  const pick = el("select", { id: "protocol" }, Object.entries(PROTOCOLS).map(([key, one]) => el("option", { value: key, selected: key === chosen }, one.name)));
  const label = el("label", { for: "plan" });
  const text = el("textarea", { id: "plan", rows: "6", required: true });
  const form = el("form", {}, el("label", { for: "protocol" }, "What to make"), pick, label, text, el("div", { class: "row actions" }, el("button", { class: "primary", type: "submit" }, "Make it")));
  const relabel = () => { label.textContent = PROTOCOLS[pick.value].label; };
  pick.addEventListener("change", relabel);
  relabel();
  view.append(el("h1", {}, "Plan"), el("p", { class: "soft" }, "Filled from your documents, every sentence cited; what they do not say stays open and is asked."), el("div", { class: "panel" }, form), out);
  form.addEventListener("submit", (event) => { event.preventDefault(); run(pick.value, text.value); });

  async function run(name, said) {
    const lines = said.split("\n").map((line) => line.trimEnd());
    const given = name === "adr" ? lines.map((line) => line.replace(/^\s*[-*+]\s+/, "").trim()).filter(Boolean) : lines;
    out.replaceChildren(el("div", { class: "panel" }, waiting(PROTOCOLS[name].name)));
    try {
      show(await post(`/v1/protocols/${name}`, PROTOCOLS[name].body(given)), name);
    } catch (error) {
      out.replaceChildren(problem(error));
    }
  }

  function show(report, name) {
    const whole = asFile(report);
    out.replaceChildren(
      el("div", { class: "row actions" }, el("button", { type: "button", onclick: (e) => copy(whole, e.currentTarget) }, "Copy as Markdown"),
        el("button", { type: "button", onclick: () => download(`${name}.md`, whole, "text/markdown") }, "Download Markdown"),
        el("button", { type: "button", onclick: () => download(`${name}.json`, JSON.stringify(report, null, 2), "application/json") }, "Download JSON")),
      el("article", { class: "panel said", "aria-label": PROTOCOLS[name].name }, el("h2", {}, report.title), blocks(report)));
    out.scrollIntoView({ block: "start" });
    announce(`${report.questions.length} questions are open`);
  }
}

function asFile(report) {
  const sources = report.citations.map((one) => `- [${one.number}] ${one.title}, ${one.document} (${one.place})`);
  return `# ${report.title}\n\n${report.text}\n${sources.length ? `\n## Sources\n\n${sources.join("\n")}\n` : ""}`;
}

// The report's Markdown: headings, lists, tables and paragraphs, each mark a link to the cited characters.
function blocks(report) {
  const cited = new Map(report.citations.map((one) => [one.number, one]));
  const nodes = [];
  let open = null;
  const into = (tag, ...classes) => {
    if (open?.tagName !== tag.toUpperCase()) nodes.push(open = el(tag, { class: classes.join(" ") || null }));
    return open;
  };
  for (const line of report.text.split("\n")) {
    const heading = /^(#{2,6}) (.*)$/.exec(line);
    const item = /^(\s*)- (?:\[ \] )?(.*)$/.exec(line);
    if (/^\|(?: --- \|)+$/.test(line)) continue;
    if (line.startsWith("| ")) {
      const cells = line.slice(2, -2).split(/ (?<!\\)\| /).map((cell) => cell.replaceAll("\\|", "|"));
      const head = open?.tagName !== "TABLE";
      into("table").append(el("tr", {}, cells.map((cell) => el(head ? "th" : "td", { scope: head ? "col" : null }, marked(cell, cited)))));
    } else if (item) into("ul").append(el("li", {}, marked(item[2], cited)));
    else {
      open = null;
      if (heading) nodes.push(el(`h${Math.min(6, heading[1].length + 1)}`, {}, inline(heading[2])));
      else if (line.trim()) nodes.push(el("p", {}, marked(line, cited)));
    }
  }
  return nodes;
}

function marked(text, cited) {
  const [, said, marks] = /^(.*?)((?:\[\d+\])*)$/s.exec(text);
  const links = [...marks.matchAll(/\d+/g)].map(([number]) => [number, cited.get(Number(number))]).filter(([, one]) => one);
  return [...inline(said), ...links.map(([number, one]) => one.document.includes("/") ? el("a", { class: "cite", href: permalink(one), title: `${one.title}, ${one.place}` }, number) : el("span", { class: "cite", title: one.place }, number))];
}
