// Mermaid is drawn in a frame of its own where the library is installed; its text is always there too.

import { el } from "./dom.js";

let installed;

export function diagram(source) {
  const host = el("figure", {}, el("details", {}, el("summary", {}, "Diagram as text"), el("pre", { tabindex: "0" }, el("code", {}, source))));
  installed ??= fetch("/web/vendor/mermaid.js", { method: "HEAD" }).then((answer) => answer.ok, () => false);
  installed.then((there) => {
    if (!there) { host.querySelector("details").open = true; return; }
    const frame = el("iframe", { src: "/web/mermaid", sandbox: "allow-scripts", title: "Diagram" });
    frame.addEventListener("load", () => frame.contentWindow.postMessage(source, "*"));
    host.prepend(frame);
  });
  return host;
}
