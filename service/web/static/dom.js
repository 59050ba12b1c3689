// Elements without innerHTML: text is always text.

export function el(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}

export function svg(tag, options = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(options)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// What a screen reader should hear.
export function announce(text) {
  document.getElementById("status").textContent = text;
}

export function download(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export async function copy(text, button) {
  await navigator.clipboard.writeText(text);
  const before = button.textContent;
  button.textContent = "Copied";
  announce("Copied");
  setTimeout(() => { button.textContent = before; }, 1500);
}

export function badge(text, tone = "") {
  return text ? el("span", { class: `badge ${tone}` }, text) : null;
}

export function problem(error) {
  return el("div", { class: "panel problem", role: "alert" },
    el("strong", {}, error.title || "That did not work"), el("p", {}, error.detail || String(error.message || error)));
}

export function waiting(text) {
  return el("p", { class: "soft row" }, el("span", { class: "spinner", "aria-hidden": "true" }), text);
}
