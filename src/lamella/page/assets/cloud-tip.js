// What the tooltip of a point says.
"use strict";

(function () {
  const L = window.lamella;

  const row = (name, ...value) => [L.el("dt", {}, name), L.el("dd", {}, ...value)];

  // facts of one slide, and of the other one if it shows the same sample.
  L.cloudTip = (i, facts, other) => {
    const { net, samples } = facts, label = samples.label.data[i];
    const rows = [row(L.t("cloud.tip_class"), label < 0 ? "–" : net.class_names[label] ?? String(label))];
    for (const one of [facts, other]) if (one) rows.push(...runRows(i, one, Boolean(other)));
    return [
      L.el("div", { className: "cloud-tip" },
        samples.pictures && L.thumbnail(samples.pictures, i, 56),
        L.el("div", {}, L.el("b", {}, `${L.name("split", L.splitName(samples, i))} · ${samples.ids.data[i]}`), L.el("dl", {}, rows))),
    ];
  };

  function runRows(i, { slot, net, samples, cloud, predictions }, both) {
    const tag = both ? L.tag(slot) : null, rows = [];
    if (predictions && !predictions.missing) {
      const said = predictions.predicted.data[i], wrong = L.erred(samples, predictions)(i);
      rows.push(row([tag, L.t("cloud.tip_predicted")], L.el("span", { className: wrong ? "wrong" : "" }, net.class_names[said] ?? String(said)), ` · p(true) ${(predictions.p_true.data[i] / 255).toFixed(2)}`));
    }
    const neighbours = cloud.neighbours || 15;
    rows.push(row([tag, L.t("cloud.tip_mixed")], L.t("cloud.tip_of", { n: Math.round(cloud.mixed.data[i] / 255 * neighbours), of: neighbours })));
    return rows;
  }
})();
