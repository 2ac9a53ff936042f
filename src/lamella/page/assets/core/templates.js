// Sentences with places for names and numbers.

const FORMS = { one: 0, few: 1, many: 2, other: 2 };

// {name} is filled in; a word with forms, {n|one|few|many}, follows the number n by the plural rules.
export function fillIn(text, values, plurals) {
  const form = (forms, n) => forms[Math.min(FORMS[plurals.select(Number(n))] ?? 2, forms.length - 1)];
  return text
    .replace(/\{(\w+)\|([^}]*)\}/g, (_, name, forms) => form(forms.split("|"), values[name]))
    .replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
