// The network: its layers with sizes, parameters and work, and the arithmetic of a convolution to
// play with. A row is a way to its layer where that was recorded.

import { seg, tag } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { currentLanguage, hasWord, t } from "../../core/language.js";
import { answerPath } from "../../core/source.js";
import { declare, layerName, set, shown } from "../../core/state.js";
import { drawConvolution } from "./convolution.js";

const VIEWS = ["layers", "convolution"];
const BARRED = new Set(["parameters", "macs", "memory"]);
const EMPTY = new Set(["jump", "offset", "formula", "note", "warning"]); // said in a tip, not in a column
declare("network", "layers");

const wants = (state) =>
  state.network === "layers"
    ? Object.fromEntries(shown().map(([slot, net]) => [slot, answerPath("network", net.name)]))
    : {};
const tools = (host, state) =>
  host.append(
    seg(
      t("network.view"),
      VIEWS.map((name) => [name, t(`network.${name}`)]),
      state.network,
      (network) => set({ network }),
    ),
  );

function draw(host, state, answers, changed) {
  if (state.network === "convolution") return showConvolution(host, changed);
  if (drawn(host, changed)) return mark(host);
  host.replaceChildren(...shown().map(([slot, net]) => netOf(slot, net, answers[slot])));
  host.dataset.view = "layers";
  return mark(host);
}
const drawn = (host, changed) =>
  host.dataset.view === "layers" &&
  host.firstChild &&
  [...changed].every((key) => ["layer", "epoch", "select", "size", "seed", "split"].includes(key));

// ---- the table of one net
function netOf(slot, net, answer) {
  if (!answer || answer.missing)
    return el("section", {}, heading(slot, net), el("p", { className: "missing" }, answer?.missing || ""));
  const columns = Object.fromEntries(
    answer.layers.columns.map(([name, column]) => [name, column.data || column]),
  );
  const names = Object.keys(columns).filter(
    (name) => name !== "layer" && name !== "input_shape" && !EMPTY.has(name) && says(columns[name]),
  );
  const rows = [...columns.layer].map((layer, at) => rowOf(net, layer, at, names, columns));
  const head = el(
    "tr",
    {},
    ["layer", ...names].map((name) =>
      el("th", { scope: "col", className: align(name) }, t(`network.${name}`)),
    ),
  );
  return el(
    "section",
    { data: { slot } },
    heading(slot, net, answer),
    el("table", { className: "anatomy" }, el("thead", {}, head), el("tbody", {}, rows)),
    answer.source !== "model" && el("p", { className: "note" }, t("network.recorded")),
  );
}

const says = (column) => [...column].some((value) => value !== "" && value !== 0 && value !== null);
const align = (name) => (name === "type" || name === "output_shape" || name === "layer" ? "left" : "right");

function heading(slot, net, answer) {
  const total = answer?.parameters;
  const macs = answer && sumOf(answer, "macs");
  return el(
    "h3",
    {},
    tag(slot),
    net.name,
    el(
      "small",
      {},
      [
        answer?.class,
        total && t("network.total", { n: grouped(total) }),
        macs && t("network.work", { n: grouped(macs) }),
      ]
        .filter(Boolean)
        .join(" · "),
    ),
  );
}
const sumOf = (answer, name) => {
  const found = answer.layers.columns.find(([column]) => column === name);
  return found ? [...(found[1].data || found[1])].reduce((sum, value) => sum + value, 0) : 0;
};
const grouped = (value) =>
  Math.round(value)
    .toLocaleString(currentLanguage())
    .replace(/[\u00a0,]/g, "\u202f");

function rowOf(net, layer, at, names, columns) {
  const own = recordedAs(net, layer);
  const cells = names.map((name) => cellOf(name, columns, at));
  const name = own
    ? el("button", { type: "button", className: "to", onclick: () => set({ layer: own }) }, layer)
    : layer;
  return el(
    "tr",
    { data: { layer: own || "" }, title: tipOf(columns, at) },
    el("th", { scope: "row", className: "left" }, name),
    cells,
  );
}
const recordedAs = (net, layer) =>
  net.layers.find(({ name }) => name === layer || name === `${layer}#1`)?.name ?? null;
const tipOf = (columns, at) =>
  ["formula", "note", "warning"]
    .map((name) => columns[name]?.[at])
    .filter(Boolean)
    .join("; ");

function cellOf(name, columns, at) {
  const value = columns[name][at];
  const text = typeof value === "number" ? (value ? grouped(value) : "") : bare(String(value));
  const cell = el("td", { className: align(name) }, text);
  if (BARRED.has(name) && value > 0)
    cell.append(el("i", { style: { width: `${Math.max(1, (100 * value) / Math.max(...columns[name]))}%` } }));
  return cell;
}
const bare = (shape) =>
  shape
    .replace(/^\(None, (.*?),?\)$/, "$1")
    .replaceAll(", ", " × ")
    .replaceAll(" x ", " × ");

function mark(host) {
  for (const [slot, net] of shown()) {
    const here = layerName(net);
    for (const row of host.querySelectorAll(`section[data-slot="${slot}"] tbody tr`))
      row.classList.toggle("here", row.dataset.layer === here);
  }
}

// ---- the arithmetic is made when it is first asked for, and keeps what was set in it
let arithmetic = null;
function showConvolution(host, changed) {
  if (!arithmetic || changed.has("language")) {
    arithmetic = el("div", { className: "convolution" });
    drawConvolution(arithmetic, {
      say: (text) => (hasWord(`network.arithmetic.${text}`) ? t(`network.arithmetic.${text}`) : text),
    });
  }
  if (host.firstChild !== arithmetic) host.replaceChildren(arithmetic);
  host.dataset.view = "convolution";
}

export const networkPanel = {
  id: "network",
  place: "left",
  title: "network.title",
  wants,
  tools,
  draw,
  partial: true,
};
