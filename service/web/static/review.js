// A proposal against the standard lens: findings beside the proposal's text.

import { post } from "./api.js";
import { permalink } from "./cite.js";
import { announce, badge, copy, download, el, problem, waiting } from "./dom.js";
import { inline } from "./markdown.js";

const SEVERITY = { high: "bad", medium: "warn", low: "", none: "good" };

export function reviewPage(view) {
  const out = el("div");
  const file = el("input", { type: "file", id: "proposal", class: "quiet", onchange: () => take(file.files[0]) });
  const text = el("textarea", { id: "text", rows: "8", placeholder: "# A proposal, as Markdown" });
  const drop = el("div", { class: "drop" }, el("p", {}, "Drop a proposal here: Markdown, PDF, DOCX, HTML or any format that Aether reads"),
    el("label", { for: "proposal", class: "button" }, "Choose a file"), file);
  const form = el("form", {}, el("label", { for: "text" }, "Or paste its text"), text, el("div", { class: "row actions" }, el("button", { class: "primary", type: "submit" }, "Review")));
  view.append(el("h1", {}, "Review a proposal"), el("p", { class: "soft" }, "It is held against the standard lens and against your standards, decisions and postmortems. Every finding cites both places."), el("div", { class: "panel" }, drop, form), out);

  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); take(event.dataTransfer.files[0]); });
  form.addEventListener("submit", (event) => { event.preventDefault(); if (text.value.trim()) run({ name: "proposal.md", text: text.value }); });

  async function take(chosen) {
    if (!chosen) return;
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    let binary = "";
    for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
    const shown = /\.(md|markdown|txt|rst|adoc)$/i.test(chosen.name) ? new TextDecoder().decode(bytes) : "";
    run({ name: chosen.name, content: btoa(binary) }, shown);
  }

  async function run(body, shown = body.text) {
    out.replaceChildren(el("div", { class: "panel" }, waiting(`Reviewing ${body.name}`)));
    try {
      show(await post("/v1/protocols/review", body), shown);
    } catch (error) {
      out.replaceChildren(problem(error));
    }
  }

  function show(report, text) {
    if (report.refusal) return out.replaceChildren(el("article", { class: "panel said", "aria-label": "Refused" }, report.text.split("\n\n").map((line) => el("p", {}, inline(line)))));
    const cited = new Map(report.citations.map((citation) => [citation.number, citation]));
    const found = report.findings.filter((finding) => finding.severity !== "none");
    const met = report.findings.length - found.length;
    const beside = text ? el("pre", { class: "proposal", tabindex: "0", "aria-label": "Text of the proposal" }, text) : own(report);
    const find = text ? (citation) => mark(beside, text, citation) : null;
    out.replaceChildren(
      el("div", { class: "row actions" }, el("button", { type: "button", onclick: (e) => copy(report.text, e.currentTarget) }, "Copy as Markdown"),
        el("button", { type: "button", onclick: () => download("review.md", report.text, "text/markdown") }, "Download Markdown"),
        el("button", { type: "button", onclick: () => download("review.json", JSON.stringify(report, null, 2), "application/json") }, "Download JSON")),
      el("div", { class: "two" },
        el("section", { class: "panel", "aria-label": "Findings" }, el("h2", {}, `${found.length} findings`), el("p", { class: "soft" }, `${met} points are addressed or without consequence.`), found.map((finding) => item(finding, cited, find))),
        el("section", { class: "panel", "aria-label": "The proposal" }, el("h2", {}, "The proposal"), beside)),
      el("section", { class: "panel" }, el("h2", {}, "Coverage"), coverage(report)));
    out.scrollIntoView({ block: "start" });
    announce(`${found.length} findings`);
  }

  // The cited lines marked in the proposal's text, and scrolled to.
  function mark(host, text, citation) {
    const there = text.slice(citation.start, citation.end) === citation.quote;
    const start = there ? citation.start : text.indexOf(citation.quote);
    if (start < 0) return;
    const marked = el("mark", {}, citation.quote);
    host.replaceChildren(text.slice(0, start), marked, text.slice(start + citation.quote.length));
    host.scrollTop = marked.offsetTop - host.offsetTop - host.clientHeight / 3;
    host.focus({ preventScroll: true });
    if (host.getBoundingClientRect().top < 0 || host.getBoundingClientRect().bottom > innerHeight) host.scrollIntoView({ block: "nearest" });
  }

  function item(finding, cited, find) {
    return el("div", { class: `finding ${finding.severity}` },
      el("div", { class: "row" }, badge(finding.severity, SEVERITY[finding.severity]), badge(finding.kind.replaceAll("_", " ")), el("strong", {}, finding.title)),
      el("p", {}, inline(finding.says)),
      finding.own.map((number) => quote("The proposal", cited.get(number), { find })), finding.library.map((number) => quote("The library", cited.get(number), { linked: true })),
      finding.fix ? el("p", { class: "small" }, el("strong", {}, "What would settle it: "), inline(finding.fix)) : null,
      finding.because ? el("p", { class: "soft small" }, finding.because) : null);
  }

  function quote(whose, citation, { linked = false, find = null } = {}) {
    if (!citation) return null;
    const newer = citation.superseded_by.length ? `superseded by ${citation.superseded_by.join(" and ")}` : "";
    const where = `${whose}: ${[citation.title, citation.place, citation.status, citation.tier, newer].filter(Boolean).join(", ")}`;
    return el("figure", { class: "small quoted" }, el("figcaption", { class: "soft" }, linked ? el("a", { href: permalink(citation) }, where) : where,
      find ? el("button", { type: "button", class: "plain", onclick: () => find(citation) }, "Show it") : null), el("blockquote", {}, citation.quote));
  }

  function own(report) {
    const mine = report.citations.filter((citation) => report.findings.some((finding) => finding.own.includes(citation.number)));
    return mine.map((citation) => quote("The proposal", citation));
  }

  function coverage(report) {
    const rows = report.coverage.map((row) => el("tr", {}, el("td", {}, row.group), el("td", {}, row.label), el("td", {}, badge(row.state, { addressed: "good", absent: "bad" }[row.state] || "warn"))));
    return el("div", { class: "table", tabindex: "0" }, el("table", {}, el("thead", {}, el("tr", {}, ["Part", "Question", "State"].map((name) => el("th", { scope: "col" }, name)))), el("tbody", {}, rows)));
  }
}
