// The page's words: flat keys in one file per language, English where a word is missing.
"use strict";

(function () {
  const L = window.lamella;
  const words = { en: {}, ru: {} };
  let current = "en", plurals = new Intl.PluralRules("en");

  L.languages = ["en", "ru"];

  // The words stand in the page; a page served without them asks for them.
  L.readWords = () => Promise.all(L.languages.map(async (language) => {
    const inside = L.$(`lamella-words-${language}`);
    words[language] = inside ? JSON.parse(inside.textContent) : await (await fetch(`/assets/words.${language}.json`)).json();
  }));

  L.speak = (language) => {
    current = L.languages.includes(language) ? language : "en";
    plurals = new Intl.PluralRules(current);
    document.documentElement.lang = current;
  };
  L.language = () => current;

  // {name} is filled in; a word with forms, "one|few|many" behind {n|...}, follows the number n.
  const fill = (text, values) => text
    .replace(/\{(\w+)\|([^}]*)\}/g, (_, name, forms) => form(forms.split("|"), values[name]))
    .replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

  const FORMS = { one: 0, few: 1, many: 2, other: 2 };
  const form = (forms, n) => forms[Math.min(FORMS[plurals.select(Number(n))] ?? 2, forms.length - 1)];

  L.t = (key, values) => fill(words[current][key] ?? words.en[key] ?? key, values || {});
  L.hasWord = (key) => key in words[current] || key in words.en;

  // Names that studies and measures give in English, where the language has a word of its own.
  L.name = (family, name, otherwise) => (L.hasWord(`${family}.${name}`) ? L.t(`${family}.${name}`) : otherwise ?? name);
})();
