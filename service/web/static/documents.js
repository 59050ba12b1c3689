// What is in the library, a page at a time, and what can be added to it.

import { get, offers, Problem, request } from "./api.js";
import { badge, el, problem, waiting } from "./dom.js";

export function documentsPage(view) {
  const rows = el("tbody");
  const more = el("button", { type: "button" }, "Show more");
  const filter = el("input", { type: "search", id: "filter", placeholder: "Filter by title or path", oninput: () => narrow() });
  const note = el("p", { class: "soft", role: "status" });
  const adding = el("div");
  const head = ["Title", "Kind", "Status", "Changed"].map((name) => el("th", { scope: "col" }, name));
  view.append(el("h1", {}, "Documents"), adding, el("div", { class: "panel" }, el("label", { for: "filter" }, "Filter"), filter, note,
    el("div", { class: "table", tabindex: "0" }, el("table", {}, el("thead", {}, el("tr", {}, head)), rows)), el("div", { class: "actions" }, more)));
  let cursor = "";
  more.addEventListener("click", load);
  load();
  offers("/v1/documents", "post").then((can) => { if (can) upload(adding); });

  async function load() {
    try {
      const page = await get(`/v1/documents?limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      rows.append(...page.items.map(row));
      cursor = page.next;
      more.hidden = !cursor;
      narrow();
    } catch (error) {
      view.append(problem(error));
    }
  }

  function row(card) {
    const stale = /superseded|deprecated|obsolete|withdrawn/i.test(card.status);
    return el("tr", { "data-text": `${card.title} ${card.id}`.toLowerCase() },
      el("td", {}, el("a", { href: `#/document/${encodeURIComponent(card.id)}` }, card.title), el("div", { class: "soft small" }, card.id)),
      el("td", {}, card.kind), el("td", {}, badge(card.status, stale ? "warn" : "")), el("td", { class: "date" }, card.modified_at.slice(0, 10)));
  }

  function narrow() {
    const wanted = filter.value.trim().toLowerCase();
    let shown = 0;
    for (const line of rows.children) { line.hidden = !line.dataset.text.includes(wanted); shown += !line.hidden; }
    note.textContent = rows.children.length ? `${shown} of ${rows.children.length} shown${cursor ? ", more to load" : ""}` : "No documents yet: aether ingest PATH brings some.";
  }
}

// Files that are added, each with what became of it.
function upload(host) {
  const file = el("input", { type: "file", id: "upload", class: "quiet", multiple: true, onchange: () => add([...file.files]) });
  const list = el("ul", { class: "small" });
  const drop = el("div", { class: "drop" }, el("p", {}, "Drop files here to add them to the library"), el("label", { for: "upload", class: "button" }, "Choose files"), file);
  drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); drop.classList.remove("over"); add([...event.dataTransfer.files]); });
  host.append(el("div", { class: "panel" }, drop, list));

  function add(files) {
    for (const one of files) send(one);
  }

  async function send(one) {
    const line = el("li", {}, waiting(one.name));
    list.append(line);
    try {
      const body = new FormData();
      body.append("file", one);
      const job = await (await request("/v1/documents", { method: "POST", body })).json();
      await follow(job, line, one.name);
    } catch (error) {
      line.replaceChildren(one.name, " ", badge(error instanceof Problem ? error.detail || error.title : String(error), "bad"));
    }
  }

  async function follow(job, line, name) {
    for (let state = job; ; state = await get(`/v1/jobs/${job.id}`)) {
      if (state.status !== "queued" && state.status !== "running") {
        line.replaceChildren(name, " ", badge(state.summary || state.status, state.status === "done" ? "good" : "bad"));
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
