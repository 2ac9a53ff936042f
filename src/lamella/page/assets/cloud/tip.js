// What the tooltip of a point says.

import { thumbnail } from "./atlas.js";
import { erred, splitName } from "./samples.js";
import { tag } from "../core/controls.js";
import { el } from "../core/elements.js";
import { nameOf, t } from "../core/language.js";

const row = (name, ...value) => [el("dt", {}, name), el("dd", {}, ...value)];

// facts of one slide, and of the other one if it shows the same sample.
export const cloudTip = (i, facts, other) => {
  const { net, samples } = facts;
  const label = samples.label.data[i];
  const rows = [row(t("cloud.tip_class"), label < 0 ? "–" : (net.class_names[label] ?? String(label)))];
  for (const one of [facts, other]) if (one) rows.push(...runRows(i, one, Boolean(other)));
  return [
    el(
      "div",
      { className: "cloud-tip" },
      samples.pictures && thumbnail(samples.pictures, i, 56),
      el(
        "div",
        {},
        el("b", {}, `${nameOf("split", splitName(samples, i))} · ${samples.ids.data[i]}`),
        el("dl", {}, rows),
      ),
    ),
  ];
};

function runRows(i, { slot, net, samples, cloud, predictions }, both) {
  const mark = both ? tag(slot) : null;
  const rows = [];
  if (predictions && !predictions.missing) {
    const said = predictions.predicted.data[i];
    const wrong = erred(samples, predictions)(i);
    rows.push(
      row(
        [mark, t("cloud.tip_predicted")],
        el("span", { className: wrong ? "wrong" : "" }, net.class_names[said] ?? String(said)),
        ` · p(true) ${(predictions.p_true.data[i] / 255).toFixed(2)}`,
      ),
    );
  }
  const neighbours = cloud.neighbours || 15;
  rows.push(
    row(
      [mark, t("cloud.tip_mixed")],
      t("cloud.tip_of", { n: Math.round((cloud.mixed.data[i] / 255) * neighbours), of: neighbours }),
    ),
  );
  return rows;
}
