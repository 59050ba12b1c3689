// A document at its revision, scrolled to what a citation names.

import { get, picture, Problem } from "./api.js";
import { badge, el, problem, waiting } from "./dom.js";

export function documentPage(view, rest) {
  const named = parse(rest);
  view.append(waiting("Opening the document"));
  open(view, named).catch((error) => view.replaceChildren(problem(error)));
}

function parse(rest) {
  const [, id, revision, start, end] = /^([^@]+)(?:@([0-9a-f]+))?(?::(\d+)-(\d+))?$/.exec(rest) || [];
  return { id: decodeURIComponent(id || ""), revision: revision || "", start: start || "", end: end || "" };
}

async function open(view, named) {
  const query = new URLSearchParams(Object.entries(named).filter(([, value]) => value));
  const page = await get(`/web/document?${query}`);
  const body = el("div", { class: "document" });
  // Rendered from parsed blocks, every character escaped, and passed through a sanitizer by the service.
  body.append(new DOMParser().parseFromString(page.html, "text/html").body);
  body.firstChild.replaceWith(...body.firstChild.childNodes);
  view.replaceChildren(el("article", {}, head(page), changed(page, named), el("div", { class: "panel" }, body)));
  document.title = `${page.title} · Aether`;
  if (page.page) await paper(view, named, page);
  else body.querySelector("mark")?.scrollIntoView({ block: "center" });
}

function head(page) {
  const stale = /superseded|deprecated|obsolete|withdrawn/i.test(page.status) || page.superseded_by.length;
  return el("div", { class: "document-head" },
    el("p", { class: "soft small" }, page.section.length ? page.section.join(" › ") : page.id),
    el("h1", {}, page.title),
    el("div", { class: "row" }, badge(page.kind), badge(page.status, stale ? "warn" : ""), badge(page.tier), badge(page.modified_at.slice(0, 10)), badge(`revision ${page.revision.slice(0, 12)}`), badge(page.commit ? `commit ${page.commit.slice(0, 10)}` : ""), badge(page.place)),
    page.superseded_by.length ? el("p", { class: "soft" }, `Superseded by ${page.superseded_by.join(", ")}.`) : null);
}

function changed(page, named) {
  if (page.current_revision === page.revision) return null;
  if (!page.current_revision) return el("p", { class: "panel was" }, "The document has left its source since; this is its text as it was cited.");
  const today = `#/document/${encodeURIComponent(named.id)}`;
  return el("p", { class: "panel was" }, "This is the text as it was cited; the document has changed since. ", el("a", { href: today }, "Show it as it is today"));
}

async function paper(view, named, page) {
  const query = new URLSearchParams({ id: named.id, revision: page.revision, start: named.start || "0", end: named.end || "0" });
  try {
    const address = await picture(`/web/page.png?${query}`);
    view.querySelector(".document-head").after(el("img", { class: "paper", src: address, alt: `Page ${page.page} of ${page.title}, the cited lines outlined` }));
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 404) throw error;
  }
}
