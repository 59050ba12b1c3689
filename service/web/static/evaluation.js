// The last nights: was it fine, what changed, and how the figures go.

import { get } from "./api.js";
import { badge, el, problem, svg, waiting } from "./dom.js";

const WORDS = { fine: ["Fine", "good"], look: ["Worth a look", "warn"], bad: ["Not fine", "bad"], untrusted: ["Not to be trusted", "warn"] };

const GRAVEST = ["bad", "untrusted", "look", "fine"];

export function evaluationPage(view) {
  view.append(waiting("Reading the nights"));
  get("/web/nights").then((found) => show(view, found), (error) => view.replaceChildren(problem(error)));
}

function show(view, found) {
  const [night, ...before] = found.nights;
  if (!night) {
    view.replaceChildren(el("h1", {}, "Evaluation"), el("div", { class: "panel" }, el("p", {}, "No night has been run yet. ", el("code", {}, "aether-eval nightly"), " makes the first report.")));
    return;
  }
  const [word, tone] = WORDS[night.verdict];
  view.replaceChildren(el("h1", {}, "Evaluation"),
    el("section", { class: "panel" }, el("div", { class: "row" }, badge(word, tone), el("strong", {}, `Night of ${night.night}`)), el("p", {}, night.headline),
      night.changed.length ? el("ul", {}, night.changed.map((line) => el("li", {}, line))) : null,
      night.cause ? el("p", { class: "soft" }, `Probably because of the ${night.cause}.`) : null),
    el("h2", {}, "The parts of the night"), el("div", { class: "figures" }, [...night.stages].sort(gravestFirst).map(stage)),
    el("h2", {}, "Figures"), el("div", { class: "figures" }, night.trends.map((trend) => figure(trend, night))),
    el("h2", {}, "Worst cases"), el("div", {}, night.worst.length ? night.worst.map(worst) : el("p", { class: "soft" }, "None failed.")),
    before.length ? el("section", { class: "panel" }, el("h2", {}, "Nights before"), el("ul", {}, before.map((old) => el("li", {}, `${old.night}: `, badge(...WORDS[old.verdict]), ` ${old.headline}`)))) : "",
    found.unreadable.length ? el("p", { class: "soft small" }, `Not readable: ${found.unreadable.join(", ")}`) : "");
}

function gravestFirst(one, other) {
  return GRAVEST.indexOf(one.verdict) - GRAVEST.indexOf(other.verdict);
}

function stage(part) {
  return el("section", { class: "panel" }, el("div", { class: "row" }, el("strong", { class: "grow" }, part.name), badge(...WORDS[part.verdict])), el("p", { class: "small" }, part.summary),
    part.details.length ? el("details", { class: "small" }, el("summary", {}, "Details"), el("ul", {}, part.details.map((line) => el("li", {}, line)))) : null);
}

function figure(trend, night) {
  const now = night.figures.find((one) => one.suite === trend.suite && one.name === trend.name);
  const last = trend.points.at(-1);
  const spread = last?.low !== null && last?.low !== undefined ? `95 %: ${last.low.toFixed(3)} to ${last.high.toFixed(3)}` : "";
  return el("section", { class: "panel figure" }, el("div", { class: "soft small" }, `${trend.suite} · ${trend.name}`), el("div", { class: "value" }, last ? last.value.toFixed(3) : "–"),
    el("div", { class: "row small soft" }, spread ? el("span", {}, spread) : null, now ? el("span", {}, `n ${now.n}`) : null, now?.worse ? badge("worse", "bad") : null), chart(trend));
}

function chart(trend) {
  const points = trend.points.slice(-30);
  const [width, height] = [240, 60];
  if (points.length < 2) return el("p", { class: "soft small" }, "One night so far");
  const low = Math.min(...points.map((p) => p.low ?? p.value));
  const high = Math.max(...points.map((p) => p.high ?? p.value));
  const x = (at) => 4 + at * (width - 8) / (points.length - 1);
  const y = (value) => 4 + (height - 8) * (high === low ? 0.5 : (high - value) / (high - low));
  const line = points.map((p, at) => `${x(at)},${y(p.value)}`).join(" ");
  const band = [...points.map((p, at) => `${x(at)},${y(p.high ?? p.value)}`), ...points.map((p, at) => `${x(at)},${y(p.low ?? p.value)}`).reverse()].join(" ");
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img", "aria-label": `${trend.name} from ${points[0].value.toFixed(3)} to ${points.at(-1).value.toFixed(3)} over ${points.length} nights` },
    svg("polygon", { class: "band", points: band }), svg("polyline", { class: "curve", points: line }), svg("circle", { cx: x(points.length - 1), cy: y(points.at(-1).value), r: 3 }));
}

function worst(kase) {
  return el("details", { class: "panel" }, el("summary", {}, el("strong", {}, kase.question), " ", badge(kase.cause, "warn"), kase.new ? badge("new", "bad") : null),
    el("div", { class: "two small" }, el("div", {}, el("h3", {}, "Expected"), el("p", {}, kase.expected || "a refusal"), el("h3", {}, "Answer"), el("p", {}, kase.answer)),
      el("div", {}, el("h3", {}, "Evidence"), kase.evidence.map((one) => el("p", {}, el("strong", {}, one.document), " ", one.text.slice(0, 300))))));
}
