// A citation's mark: its number, the quote on hover or focus, and the cited characters behind it.

import { el } from "./dom.js";

export function address(citation) {
  return `#/document/${encodeURIComponent(citation.document)}@${citation.revision}:${citation.start}-${citation.end}`;
}

export function permalink(citation) {
  return `${location.origin}${location.pathname}${address(citation)}`;
}

export function citationMark(number, citation) {
  if (!citation) return el("span", { class: "cite" }, String(number));
  const link = el("a", { class: "cite", href: address(citation), "aria-label": `Source ${number}: ${citation.title}` }, String(number));
  link.addEventListener("mouseenter", () => show(link, citation));
  link.addEventListener("focus", () => show(link, citation));
  link.addEventListener("mouseleave", hide);
  link.addEventListener("blur", hide);
  link.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  return link;
}

let shown = null;

function show(link, citation) {
  hide();
  shown = el("div", { class: "bubble", role: "tooltip", id: "quote" },
    el("strong", {}, citation.title), el("div", { class: "soft small" }, [citation.section.join(" › "), citation.place].filter(Boolean).join(" · ")),
    el("blockquote", {}, citation.quote));
  document.body.append(shown);
  link.setAttribute("aria-describedby", "quote");
  const at = link.getBoundingClientRect();
  shown.style.left = `${Math.max(12, Math.min(at.left, innerWidth - shown.offsetWidth - 16))}px`;
  const below = at.bottom + 8 + shown.offsetHeight < innerHeight;
  shown.style.top = `${scrollY + (below ? at.bottom + 8 : Math.max(8, at.top - shown.offsetHeight - 8))}px`;
}

function hide() {
  shown?.remove();
  shown = null;
}
