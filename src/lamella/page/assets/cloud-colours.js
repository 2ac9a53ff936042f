// What the colours of a cloud say: one entry for each way to colour, with its legend.
"use strict";

(function () {
  const L = window.lamella;
  const ALPHA = 205;

  // facts: {net, samples, cloud, before, predictions}; needs: which of them must be there.
  const ways = L.colourWays = [
    { name: "class", needs: [], kind: "classes", of: ({ samples }) => samples.label.data },
    { name: "predicted", needs: ["predictions"], kind: "classes", of: ({ predictions }) => predictions.predicted.data },
    { name: "error", needs: ["predictions"], kind: "bad", of: ({ samples, predictions }) => samples.label.data.map((label, i) => (label >= 0 && label !== predictions.predicted.data[i] ? 1 : 0)) },
    { name: "wrong", needs: [], kind: "bad", of: ({ cloud }) => cloud.wrong.data },
    { name: "split", needs: [], kind: "split", of: ({ samples }) => samples.split.data },
    { name: "p_true", needs: ["predictions"], kind: "scalar", unit: 1 / 255, of: ({ predictions }) => predictions.p_true.data },
    { name: "entropy", needs: ["predictions"], kind: "scalar", unit: 1 / 255, of: ({ predictions }) => predictions.entropy.data },
    { name: "mixed", needs: [], kind: "scalar", unit: 1 / 255, of: ({ cloud }) => cloud.mixed.data },
    { name: "moved", needs: ["before"], kind: "scalar", unit: 4 / 32767, of: (facts) => L.distances(facts.cloud, facts.before) },
  ];

  L.colourWay = (name) => ways.find((way) => way.name === name) || ways[0];

  // How far each sample is from where it was in another cloud, in the clouds' own integer unit.
  L.distances = (cloud, before) => {
    const [count, width] = cloud.points.shape, p = cloud.points.data, q = before.points.data, out = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let c = 0; c < width; c++) sum += (p[i * width + c] - q[i * width + c]) ** 2;
      out[i] = Math.sqrt(sum);
    }
    return out;
  };

  // The largest value that is shown: scalars of every slide share it.
  const topOf = (way, values) => (way.name === "moved" ? Math.max(1, values.reduce((a, b) => Math.max(a, b), 0)) : 255);

  const painters = {
    classes: (values) => (i) => L.rgb(L.classColour(values[i])),
    bad: (values) => (i) => L.rgb(values[i] ? L.colours().bad : L.colours().line),
    split: (values) => (i) => L.rgb(values[i] ? L.colours().h2 : L.colours().faint),
    scalar: (values, top) => { const ramp = rampOf(); return (i) => ramp[Math.min(255, Math.round(255 * values[i] / top))]; },
  };

  // The low end is kept off the paper, so that every point can be seen.
  const LOW = .32;
  const shade = (part) => L.ramp(L.colours().seq, LOW + (1 - LOW) * part);
  const rampOf = () => Array.from({ length: 256 }, (_, k) => shade(k / 255));

  // -> {rgba: u8 for each sample, values, top} or {missing: text}
  L.paintCloud = (way, facts, top) => {
    const lacking = way.needs.find((need) => !facts[need] || facts[need].missing);
    if (lacking) return { missing: facts[lacking]?.missing || L.t("cloud.no_before") };
    const values = way.of(facts), most = top ?? topOf(way, values), paint = painters[way.kind](values, most);
    const rgba = new Uint8Array(4 * values.length);
    for (let i = 0; i < values.length; i++) { rgba.set(paint(i), 4 * i); rgba[4 * i + 3] = ALPHA; }
    return { rgba, values, top: most };
  };

  // ---- legends: [text, colour, samples' test] or a ramp
  const entry = (text, colour, pick) => L.el("button", { type: "button", className: "key", title: L.t("cloud.pick_key"), onclick: pick }, L.el("i", { style: { background: colour } }), text);

  L.cloudLegend = (way, painted, net, pick) => {
    if (painted.missing) return [L.el("span", { className: "note" }, painted.missing)];
    const choose = (value) => () => pick((i) => painted.values[i] === value);
    if (way.kind === "classes") return net.class_names.map((name, k) => entry(name, L.classColour(k), choose(k)));
    if (way.kind === "bad") return [entry(L.t(`cloud.${way.name}_yes`), L.colours().bad, choose(1)), entry(L.t(`cloud.${way.name}_no`), L.colours().line, choose(0))];
    if (way.kind === "split") return [entry(L.name("split", "train"), L.colours().faint, choose(0)), entry(L.name("split", "test"), L.colours().h2, choose(1))];
    return [L.el("span", {}, "0"), L.el("i", { className: "ramp", style: { background: `linear-gradient(90deg, ${[0, .25, .5, .75, 1].map((part) => L.css(shade(part))).join(",")})` } }), L.el("span", {}, L.number(painted.top * way.unit))];
  };
})();
