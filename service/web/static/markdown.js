// Markdown of a sentence -> nodes. Only what answers are made of: code, strong, emphasis, the words of a link.

import { el } from "./dom.js";

const INLINE = /(`+)([^\n]+?)\1(?!`)|!?\[([^\]\n]*)\]\(([^)\s]*)[^)\n]*\)|\*\*([^\n]+?)\*\*|(?<![\w*])[*_]([^*_\s](?:[^*_\n]*[^*_\s])?)[*_](?![\w*])/g;

export function inline(text) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(at, match.index));
    if (match[2] !== undefined) nodes.push(el("code", {}, match[2]));
    else if (match[3] !== undefined) nodes.push(el("span", { class: "link", title: match[4] }, inline(match[3])));
    else if (match[5] !== undefined) nodes.push(el("strong", {}, inline(match[5])));
    else nodes.push(el("em", {}, inline(match[6])));
    at = match.index + match[0].length;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}

// What kind of block a sentence is: {kind: "code"|"row"|"item"|"text", ...}.
export function shape(text) {
  const fence = /^\s*(`{3,}|~{3,})\s*([\w-]*)[^\n]*\n/.exec(text);
  if (fence) return { kind: "code", language: fence[2], body: text.slice(fence[0].length).replace(/\n?[\s>]*(`{3,}|~{3,})\s*$/, "") };
  if (/^\s*\|.*\|\s*$/s.test(text)) {
    const cells = text.trim().split("\n")[0].replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { kind: "row", cells };
  }
  const item = /^(\s*)([-*+•]|\(?\d+[.)])\s+(.*)$/s.exec(text);
  if (item) return { kind: "item", ordered: /\d/.test(item[2]), number: parseInt(item[2].replace("(", ""), 10), body: item[3] };
  return { kind: "text", body: text };
}
