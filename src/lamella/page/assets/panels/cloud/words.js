// The words on and under a slide: what it shows, and how far the picture can be trusted.

import { methodOf } from "../../cloud/samples.js";
import { cloudWaits } from "../../cloud/slow-methods.js";
import { tag } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { t } from "../../core/language.js";
import { epochAt, layerName } from "../../core/state.js";

// ---- words on and under the slides
export function drawCaption(slide, { net, cloud }) {
  const epoch = net.epochs.length ? `, ${t("bar.epoch", { epoch: epochAt(net) })}` : "";
  const share = cloud.share?.length
    ? t("cloud.share", { value: Math.round(100 * cloud.share.reduce((a, b) => a + b, 0)) })
    : "";
  slide.caption.replaceChildren(
    tag(slide.slot),
    el("b", { title: net.name }, net.name),
    el("span", {}, `${layerName(net)}${epoch}`),
    el("small", {}, share),
  );
}

export function drawGauge(slide, { net, cloud }) {
  const words = cloudWaits(net) ? [t("cloud.waiting", { method: t(`cloud.${methodOf(net)}`) })] : [];
  if (Number.isFinite(cloud.trustworthiness))
    words.push(t("cloud.trust", { value: cloud.trustworthiness.toFixed(2) }));
  const kept =
    cloud.kept === null ? t("cloud.kept_none") : t("cloud.kept", { value: Math.round(100 * cloud.kept) });
  slide.gauge.title = t("cloud.gauge_tip", { n: cloud.neighbours || 15 });
  slide.gauge.replaceChildren(
    el("i", { className: "meter" }, el("i", { style: { width: `${100 * (cloud.kept || 0)}%` } })),
    el("span", {}, [kept, ...words].join(" · ")),
  );
}

// "500 of 4000 samples, stratified" in the reader's language.
export const countWords = ({ stratified }) => {
  const found = /^(\d+) of (\d+) samples, (\w+)/.exec(stratified || "");
  const all = /^all (\d+)/.exec(stratified || "");
  if (found)
    return t(found[3] === "stratified" ? "cloud.stratified" : "cloud.drawn", { n: found[1], of: found[2] });
  return all ? t("cloud.all", { n: all[1] }) : stratified || "";
};
