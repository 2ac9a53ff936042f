// The network: its layers with sizes, parameters and work, and the arithmetic of a convolution to
// play with. A row is a way to its layer where that was recorded.
"use strict";

(function () {
  const L = window.lamella;
  const VIEWS = ["layers", "convolution"], BARRED = new Set(["parameters", "macs", "memory"]);
  const EMPTY = new Set(["jump", "offset", "formula", "note", "warning"]);   // said in a tip, not in a column
  L.declare("network", "layers");

  const wants = (state) => (state.network === "layers" ? Object.fromEntries(L.shown().map(([slot, net]) => [slot, L.path("network", net.name)])) : {});
  const tools = (host, state) => host.append(L.seg(L.t("network.view"), VIEWS.map((name) => [name, L.t(`network.${name}`)]), state.network, (network) => L.set({ network })));

  function draw(host, state, answers, changed) {
    if (state.network === "convolution") return drawConvolution(host, changed);
    if (drawn(host, changed)) return mark(host);
    host.replaceChildren(...L.shown().map(([slot, net]) => netOf(slot, net, answers[slot])));
    host.dataset.view = "layers";
    return mark(host);
  }
  const drawn = (host, changed) => host.dataset.view === "layers" && host.firstChild && [...changed].every((key) => ["layer", "epoch", "select", "size", "seed", "split"].includes(key));

  // ---- the table of one net
  function netOf(slot, net, answer) {
    if (!answer || answer.missing) return L.el("section", {}, heading(slot, net), L.el("p", { className: "missing" }, answer?.missing || ""));
    const columns = Object.fromEntries(answer.layers.columns.map(([name, column]) => [name, column.data || column]));
    const names = Object.keys(columns).filter((name) => name !== "layer" && name !== "input_shape" && !EMPTY.has(name) && told(columns[name]));
    const rows = [...columns.layer].map((layer, at) => rowOf(net, layer, at, names, columns));
    const head = L.el("tr", {}, ["layer", ...names].map((name) => L.el("th", { scope: "col", className: align(name) }, L.t(`network.${name}`))));
    return L.el("section", { data: { slot } }, heading(slot, net, answer), L.el("table", { className: "anatomy" }, L.el("thead", {}, head), L.el("tbody", {}, rows)),
      answer.source !== "model" && L.el("p", { className: "note" }, L.t("network.recorded")));
  }

  const told = (column) => [...column].some((value) => value !== "" && value !== 0 && value !== null);
  const align = (name) => (name === "type" || name === "output_shape" || name === "layer" ? "left" : "right");

  function heading(slot, net, answer) {
    const total = answer?.parameters, macs = answer && sumOf(answer, "macs");
    return L.el("h3", {}, L.tag(slot), net.name, L.el("small", {}, [answer?.class, total && L.t("network.total", { n: grouped(total) }), macs && L.t("network.work", { n: grouped(macs) })].filter(Boolean).join(" · ")));
  }
  const sumOf = (answer, name) => { const found = answer.layers.columns.find(([column]) => column === name); return found ? [...(found[1].data || found[1])].reduce((sum, value) => sum + value, 0) : 0; };
  const grouped = (value) => Math.round(value).toLocaleString(L.language()).replace(/[\u00a0,]/g, "\u202f");

  function rowOf(net, layer, at, names, columns) {
    const own = recordedAs(net, layer), cells = names.map((name) => cellOf(name, columns, at));
    const name = own ? L.el("button", { type: "button", className: "to", onclick: () => L.set({ layer: own }) }, layer) : layer;
    return L.el("tr", { data: { layer: own || "" }, title: tipOf(columns, at) }, L.el("th", { scope: "row", className: "left" }, name), cells);
  }
  const recordedAs = (net, layer) => net.layers.find(({ name }) => name === layer || name === `${layer}#1`)?.name ?? null;
  const tipOf = (columns, at) => ["formula", "note", "warning"].map((name) => columns[name]?.[at]).filter(Boolean).join("; ");

  function cellOf(name, columns, at) {
    const value = columns[name][at], text = typeof value === "number" ? (value ? grouped(value) : "") : bare(String(value));
    const cell = L.el("td", { className: align(name) }, text);
    if (BARRED.has(name) && value > 0) cell.append(L.el("i", { style: { width: `${Math.max(1, 100 * value / Math.max(...columns[name]))}%` } }));
    return cell;
  }
  const bare = (shape) => shape.replace(/^\(None, (.*?),?\)$/, "$1").replaceAll(", ", " × ").replaceAll(" x ", " × ");

  function mark(host) {
    for (const [slot, net] of L.shown()) {
      const here = L.layerName(net);
      for (const row of host.querySelectorAll(`section[data-slot="${slot}"] tbody tr`)) row.classList.toggle("here", row.dataset.layer === here);
    }
  }

  // ---- the arithmetic is made when it is first asked for, and keeps what was set in it
  let arithmetic = null;
  function drawConvolution(host, changed) {
    if (!arithmetic || changed.has("language")) {
      arithmetic = L.el("div", { className: "convolution" });
      window.lamellaArithmetic(arithmetic, { say: (text) => (L.hasWord(`network.arithmetic.${text}`) ? L.t(`network.arithmetic.${text}`) : text) });
    }
    if (host.firstChild !== arithmetic) host.replaceChildren(arithmetic);
    host.dataset.view = "convolution";
  }

  L.panel({ id: "network", place: "left", title: "network.title", wants, tools, draw, partial: true });
})();
