// Words of a figure in the reader's language: a figure's texts are English, with numbers in them.
//
//   said("12 longest of 200 · bands: ...")   parts are looked up with # for their numbers

import { hasWord, t } from "../core/language.js";

const NUMBER = /[−-]?\d+(?:[.,]\d+)*(?:e[−-]?\d+)?[kM]?/g;

export const said = (text) => (text ? String(text).split(" · ").map(part).join(" · ") : text);

function part(text) {
  const numbers = text.match(NUMBER) || [];
  const key = `figure.words.${text.replace(NUMBER, "#")}`;
  if (!hasWord(key)) return text;
  let at = 0;
  return t(key).replace(/#/g, () => numbers[at++] ?? "");
}
