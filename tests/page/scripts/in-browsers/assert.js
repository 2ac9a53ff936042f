// What the tests use of node:assert/strict, for a browser.

function plain(_, part) {
  if (typeof part === "number" && (!Number.isFinite(part) || Object.is(part, -0))) return `number ${part}`;
  if (ArrayBuffer.isView(part) || part instanceof Map || part instanceof Set)
    return [part.constructor.name, ...part];
  return part === undefined ? "nothing" : part;
}

const shown = (value) => JSON.stringify(value, plain);

function check(holds, said) {
  if (!holds) throw new Error(said);
}

export default {
  ok: (value) => check(value, `got ${value}`),
  equal: (found, wanted) => check(Object.is(found, wanted), `got ${found}, wanted ${wanted}`),
  deepEqual: (found, wanted) =>
    check(shown(found) === shown(wanted), `got ${shown(found)}, wanted ${shown(wanted)}`),
  match: (found, wanted) => check(wanted.test(found), `got ${found}, wanted ${wanted}`),
  throws(run, wanted) {
    let said = null;
    try {
      run();
    } catch (error) {
      said = error.message;
    }
    check(said !== null && wanted.test(said), `got ${said}, wanted ${wanted}`);
  },
};
