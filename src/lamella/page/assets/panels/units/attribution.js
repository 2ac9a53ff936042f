// The attribution of an answer to pixels, beside the sample.

import { bitmap, thumbnail } from "../../cloud/atlas.js";
import { tag } from "../../core/controls.js";
import { el } from "../../core/elements.js";
import { clamp } from "../../core/numbers.js";
import { lineAbove, unitName } from "./parts.js";
import { mapRamp, signedRamp } from "./pictures.js";

// ---- attribution beside the sample
export function drawAttribution(facts) {
  const { main, samples, sample, height } = facts;
  const { data, shape } = main.pixels;
  const [h, w, c = 1] = shape.length > 3 ? shape.slice(1) : shape;
  const size = clamp(height - 40, 80, 260);
  const colour = main.scale && main.scale[0] < 0 ? signedRamp(main.scale) : mapRamp();
  return [
    lineAbove(tag("a"), unitName(facts)),
    el(
      "div",
      { className: "units-row" },
      samples?.pictures && thumbnail(samples.pictures, sample, size),
      bitmap(data, h, w, c, size, c === 1 ? colour : undefined),
    ),
  ];
}
