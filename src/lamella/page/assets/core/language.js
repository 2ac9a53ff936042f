// The page's words: flat keys in one file per language, English where a word is missing.

import { byId } from "./elements.js";
import { fillIn } from "./templates.js";

const words = { en: {}, ru: {} };
let current = "en";
let plurals = new Intl.PluralRules("en");

export const languages = ["en", "ru"];

// The words stand in the page.
export const readWords = () => {
  for (const language of languages)
    words[language] = JSON.parse(byId(`lamella-words-${language}`).textContent);
};

export const speak = (language) => {
  current = languages.includes(language) ? language : "en";
  plurals = new Intl.PluralRules(current);
  document.documentElement.lang = current;
};
export const currentLanguage = () => current;

export const t = (key, values) => fillIn(words[current][key] ?? words.en[key] ?? key, values || {}, plurals);
export const hasWord = (key) => key in words[current] || key in words.en;

// Names that studies and measures give in English, where the language has a word of its own.
export const nameOf = (family, name, otherwise) =>
  hasWord(`${family}.${name}`) ? t(`${family}.${name}`) : (otherwise ?? name);
