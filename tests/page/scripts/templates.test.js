import assert from "node:assert/strict";
import test from "node:test";
import { fillIn } from "../../../src/lamella/page/assets/core/templates.js";

const english = new Intl.PluralRules("en");
const russian = new Intl.PluralRules("ru");

test("names are filled in, and what is not known stays", () => {
  assert.equal(fillIn("{a} of {b}", { a: 0 }, english), "0 of {b}");
});

test("a word follows its number", () => {
  const english_word = (n) => fillIn("{n} {n|sample|samples}", { n }, english);
  assert.deepEqual([1, 2, 0].map(english_word), ["1 sample", "2 samples", "0 samples"]);
  const russian_word = (n) => fillIn("{n} {n|образец|образца|образцов}", { n }, russian);
  assert.deepEqual([1, 3, 5, 21].map(russian_word), ["1 образец", "3 образца", "5 образцов", "21 образец"]);
});
