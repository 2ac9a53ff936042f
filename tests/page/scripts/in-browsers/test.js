// What the tests use of node:test, for a browser: every test runs, problems are collected.

window.problems = [];
window.passed = 0;

export default (name, run) => {
  try {
    run();
    window.passed++;
  } catch (error) {
    window.problems.push(`${name}: ${error.message}`);
  }
};
