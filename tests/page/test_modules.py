"""The page's modules: how they are joined, and what every one of them must keep to."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from support.script_names import tokens, top_names, undeclared, unused, used

from lamella.page.modules import ModuleError, joined_script, joined_sheet, modules_of, parsed
from lamella.page.page_files import SCRIPT, SHEET, source

ASSETS = Path(str(files("lamella.page"))) / "assets"
ROOT = Path(__file__).parents[2]
# what may import what: each folder only those before it, and itself
FOLDERS = ["core", "plots", "records", "cloud", "figures", "panels", ""]
LONGEST = 120


@pytest.fixture(scope="module")
def modules():
    return modules_of(SCRIPT, source)


# ---- joining
SMALL = {
    "main.js": 'import { twice as double } from "./core/two.js";\nimport "./side.js";\n\n'
    "export const four = double(2);\n"
    'export { one as first } from "./core/one.js";\n',
    "side.js": "globalThis.sideEffect = true;\n",
    "core/two.js": 'import {\n  one,\n} from "./one.js";\n\n'
    "const two = one + one;\nexport function twice(n) {\n  return n * two;\n}\n",
    "core/one.js": "export const one = 1;\nconst two = 'not the other two';\n",
}


def test_modules_stand_in_the_order_in_which_a_browser_runs_them():
    names = [module.path for module in modules_of("main.js", SMALL.__getitem__)]
    assert names == ["core/one.js", "core/two.js", "side.js", "main.js"]


def test_the_joined_script_runs_as_the_modules_do(chromium):
    page = chromium.new_page()
    page.set_content(f"<script>{joined_script('main.js', SMALL.__getitem__, 'made')}</script>")
    assert page.evaluate("[made.four, made.first, sideEffect, typeof two]") == [
        4,
        1,
        True,
        "undefined",
    ]
    page.close()


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("core/one.js", 'import { four } from "../main.js";\nexport const one = four;\n', "circle"),
        ("core/one.js", "export const three = 3;\n", r"core/two\.js wants one of core/one\.js"),
        (
            "side.js",
            'import { x } from "./gone.js";\n',
            r"side\.js wants a module gone\.js, got none",
        ),
        ("side.js", "export default 3;\n", "got 'export default 3;'"),
        ("side.js", "export let n = 3;\n", "got 'export let n = 3;'"),
        ("side.js", 'import * as all from "./core/one.js";\n', "got 'import "),
    ],
)
def test_what_cannot_be_joined_says_why(path, text, message):
    with pytest.raises(ModuleError, match=message):
        modules_of("main.js", {**SMALL, path: text}.__getitem__)


def test_sheets_are_joined_in_the_order_of_their_imports():
    sheets = {
        "styles/main.css": '@import "./a.css";\n@import "./b.css";\np { x: 1 }\n',
        "styles/a.css": "a { x: 2 }\n",
        "styles/b.css": '@import "./c.css";\nb { x: 3 }\n',
        "styles/c.css": "c { x: 4 }\n",
    }
    found = joined_sheet("styles/main.css", sheets.__getitem__)
    assert re.findall(r"^\w", found, re.M) == ["a", "c", "b", "p"]
    assert "@import" not in found


# ---- the page's own modules
def exports_of_tests():
    """What the tests of pure functions import."""
    texts = [path.read_text("utf-8") for path in (ROOT / "tests/page/scripts").glob("*.test.js")]
    found = re.findall(r'import \{([^}]*)\} from "[^"]*/assets/([^"]+)"', "\n".join(texts))
    return {(path, name) for names, path in found for name in re.findall(r"\w+", names)}


def unused_exports(modules, tested=frozenset()):
    """Exports that nobody imports, and those that only tests do and the module does not use itself.

    Those of the entry are for the world outside.
    """
    taken = {
        (path, theirs)
        for module in modules
        for wanted in (module.imports, module.reexports)
        for path, names in wanted.items()
        for theirs, _ in names
    }
    return {
        (module.path, name)
        for module in modules[:-1]
        for name in module.offers
        if (module.path, name) not in taken
        and not ((module.path, name) in tested and name in used(tokens(module.body)))
    }


def against_the_order(modules):
    """Imports of a folder that stands above the importing one."""
    rank = {name: at for at, name in enumerate(FOLDERS)}
    folder = {module.path: module.path.rpartition("/")[0].partition("/")[0] for module in modules}
    return {
        (module.path, path)
        for module in modules
        for path in module.needs
        if rank[folder[path]] > rank[folder[module.path]]
    }


def unused_imports(module):
    return unused(module.body, {here for names in module.imports.values() for _, here in names})


def missing_imports(module):
    return undeclared(module.body, {h for names in module.imports.values() for _, h in names})


def unused_names(module):
    return top_names(module.body) - set(module.exports) - set(used(tokens(module.body)))


def test_every_export_is_imported_somewhere(modules):
    assert unused_exports(modules, exports_of_tests()) == set()


def test_every_import_is_used_and_every_name_is_known(modules):
    assert {m.path: unused_imports(m) for m in modules if unused_imports(m)} == {}
    assert {m.path: missing_imports(m) for m in modules if missing_imports(m)} == {}
    assert {m.path: unused_names(m) for m in modules if unused_names(m)} == {}


def test_folders_import_only_what_stands_below_them(modules):
    assert against_the_order(modules) == set()


def test_every_file_of_the_page_is_part_of_it(modules):
    there = {path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*.*")}
    sheets = {"styles/" + name for name in re.findall(r'@import "\./([^"]+)"', source(SHEET))}
    words = {"words.en.json", "words.ru.json"}
    assert there == {m.path for m in modules} | sheets | {SHEET, "page.html"} | words


def test_the_console_reaches_what_tests_and_benchmarks_use_and_no_more(modules):
    folders = (ROOT / "tests" / "browser", ROOT / "tests" / "support")
    texts = [path.read_text("utf-8") for folder in folders for path in folder.glob("*.py")]
    texts.append((ROOT / "benchmarks" / "page.py").read_text("utf-8"))
    wanted = set(re.findall(r"\blamella\??\.(\w+)", "\n".join(texts)))
    wanted |= {
        n
        for names in re.findall(r"\{([\w, ]+)\} = lamella;", "\n".join(texts))
        for n in names.replace(",", " ").split()
    }
    assert set(modules[-1].offers) - wanted == set()


def test_lines_can_be_read_without_scrolling():
    kinds = {".js", ".css", ".html"}
    long = [
        f"{path.relative_to(ASSETS)}:{at}"
        for path in sorted(ASSETS.rglob("*"))
        if path.suffix in kinds
        for at, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > LONGEST
    ]
    assert long == []


# ---- the checks see what they are for
CLEAN = """import { a, b as c } from "./x.js";
const { key: inner, other = a } = c();
let total = 0;
function add(first, { second, ...rest }, third = total) {
  for (const [at, each] of [first, second].entries()) total += each * at;
  return rest.map((one) => one / 2).filter((one, i) => /a{1,2}"/.test(`${one} ${i} }`) || third);
}
export const shape = { add, get size() { return inner.size; }, draw(at) { return at || other; } };
"""


@pytest.mark.parametrize(
    ("old", "new", "check", "found"),
    [
        ("a }", "a }", missing_imports, set()),
        ("= a }", "= 1 }", unused_imports, {"a"}),
        ("c();", "a();", unused_imports, {"c"}),
        ("{ a, b as c }", "{ b as c }", missing_imports, {"a"}),
        ("second]", "secnd]", missing_imports, {"secnd"}),
        ("${i} }", "${j} }", missing_imports, {"j"}),
        ("return inner.size", "return iner.size", missing_imports, {"iner"}),
        ("= { add, ", "= { ", unused_names, {"add"}),
    ],
)
def test_the_check_of_names_finds_a_wrong_one(old, new, check, found):
    assert old in CLEAN
    assert check(parsed("some.js", CLEAN.replace(old, new, 1))) == found


def test_the_checks_of_the_graph_find_a_wrong_one():
    lonely = {**SMALL, "core/one.js": SMALL["core/one.js"] + "export const lonely = 2;\n"}
    assert unused_exports(modules_of("main.js", SMALL.__getitem__)) == set()
    found = {("core/one.js", "lonely")}
    assert unused_exports(modules_of("main.js", lonely.__getitem__)) == found
    assert unused_exports(modules_of("main.js", lonely.__getitem__), found) == found
    upward = {
        "core/a.js": 'import { b } from "../plots/b.js";\n',
        "plots/b.js": "export const b = 1;\n",
    }
    assert against_the_order(modules_of("core/a.js", upward.__getitem__)) == {
        ("core/a.js", "plots/b.js")
    }
