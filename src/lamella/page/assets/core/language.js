// The page's words: flat keys in one file per language, English where a word is missing.

import { byId } from "./elements.js";

const words = { en: {}, ru: {} };
let current = "en";
let plurals = new Intl.PluralRules("en");

export const languages = ["en", "ru"];

// The words stand in the page.
export const readWords = () => {
  for (const language of languages) words[language] = JSON.parse(byId(`lamella-words-${language}`).textContent);
};

export const speak = (language) => {
  current = languages.includes(language) ? language : "en";
  plurals = new Intl.PluralRules(current);
  document.documentElement.lang = current;
};
export const currentLanguage = () => current;

// {name} is filled in; a word with forms, "one|few|many" behind {n|...}, follows the number n.
const fill = (text, values) =>
  text
    .replace(/\{(\w+)\|([^}]*)\}/g, (_, name, forms) => form(forms.split("|"), values[name]))
    .replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

const FORMS = { one: 0, few: 1, many: 2, other: 2 };
const form = (forms, n) => forms[Math.min(FORMS[plurals.select(Number(n))] ?? 2, forms.length - 1)];

export const t = (key, values) => fill(words[current][key] ?? words.en[key] ?? key, values || {});
export const hasWord = (key) => key in words[current] || key in words.en;

// Names that studies and measures give in English, where the language has a word of its own.
export const nameOf = (family, name, otherwise) =>
  hasWord(`${family}.${name}`) ? t(`${family}.${name}`) : (otherwise ?? name);
