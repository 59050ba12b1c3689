// The router: what stands after # says which page is shown.

import { askPage } from "./ask.js";
import { checkPage } from "./check.js";
import { documentPage } from "./document.js";
import { documentsPage } from "./documents.js";
import { evaluationPage } from "./evaluation.js";
import { planPage } from "./plan.js";
import { reviewPage } from "./review.js";

const PAGES = { "": askPage, check: checkPage, review: reviewPage, plan: planPage, documents: documentsPage, document: documentPage, evaluation: evaluationPage };
const view = document.getElementById("view");
let leave = null;

function show() {
  document.querySelectorAll(".bubble").forEach((bubble) => bubble.remove());
  const [, name, rest] = /^#?\/?([^/?]*)\/?(.*)$/.exec(location.hash) || [];
  leave?.();
  view.replaceChildren();
  for (const link of document.querySelectorAll("nav a")) {
    const current = link.getAttribute("href") === `#/${name === "document" ? "documents" : name || ""}`;
    if (current) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  leave = (PAGES[name || ""] || askPage)(view, rest || "") || null;
  view.focus({ preventScroll: true });
}

function theme() {
  const root = document.documentElement;
  const kept = localStorage.getItem("aether-theme");
  if (kept) root.dataset.theme = kept;
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("aether-theme", root.dataset.theme);
  });
}

theme();
addEventListener("hashchange", show);
show();
