// The service, spoken to with a key where it wants one.

const KEY = "aether-key";

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.title = body.title || "";
    this.detail = body.detail || "";
  }
}

function headers(more = {}) {
  const key = sessionStorage.getItem(KEY);
  return key ? { Authorization: `Bearer ${key}`, ...more } : more;
}

function askForKey() {
  const dialog = document.getElementById("key");
  const field = document.getElementById("key-value");
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const given = dialog.returnValue === "use" ? field.value.trim() : "";
      field.value = "";
      if (given) sessionStorage.setItem(KEY, given);
      resolve(Boolean(given));
    }, { once: true });
  });
}

export async function request(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: headers(options.headers) });
  if (answer.status === 401 && await askForKey()) return request(path, options);
  if (!answer.ok) {
    const body = await answer.json().catch(() => ({}));
    throw new Problem(answer.status, body);
  }
  return answer;
}

export async function get(path) {
  return (await request(path)).json();
}

export async function post(path, body) {
  return (await request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).json();
}

let schema;

// Whether this service has a path: what it cannot do is not offered.
export async function offers(path, method) {
  schema ??= get("/openapi.json").catch(() => ({ paths: {} }));
  return Boolean((await schema).paths[path]?.[method]);
}

// Events of a stream, as they arrive: {event, data, id}.
export async function* events(path, body, signal) {
  const options = body === null
    ? { headers: { Accept: "text/event-stream" }, signal }
    : { method: "POST", headers: { "Content-Type": "application/json", Accept: "text/event-stream" }, body: JSON.stringify(body), signal };
  const answer = await request(path, options);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  for (;;) {
    const { value, done } = await reader.read();
    buffer += (value || "").replace(/\r\n?/g, "\n");
    const parts = buffer.split("\n\n");
    buffer = parts.pop();
    for (const part of parts) {
      const read = parse(part);
      if (read) yield read;
    }
    if (done) return;
  }
}

function parse(block) {
  const found = { event: "message", data: "", id: "" };
  const lines = [];
  for (const line of block.split("\n")) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) || [];
    if (name === "data") lines.push(value);
    else if (name === "event" || name === "id") found[name] = value;
  }
  if (!lines.length) return null;
  found.data = JSON.parse(lines.join("\n"));
  return found;
}

export async function picture(path) {
  const answer = await request(path);
  return URL.createObjectURL(await answer.blob());
}
