"""Nothing that lamella reads can run: no eval, no exec, no shell, no pickle of unknown data."""

import ast
from pathlib import Path

import lamella

FILES = sorted(Path(lamella.__file__).parent.rglob("*.py"))
FORBIDDEN = {"eval", "exec", "compile", "__import__"}


def calls(path):
    tree = ast.parse(path.read_text())
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def dangers(path):
    for call in calls(path):
        name = ast.unparse(call.func)
        keywords = {k.arg: ast.unparse(k.value) for k in call.keywords}
        if name in FORBIDDEN or name in ("pickle.load", "pickle.loads", "os.system"):
            yield f"line {call.lineno}: {name}()"
        if keywords.get("shell", "False") != "False":
            yield f"line {call.lineno}: a shell"
        if name == "torch.load" and keywords.get("weights_only") != "True":
            yield f"line {call.lineno}: torch.load without weights_only"
        if keywords.get("allow_pickle", "False") != "False":
            yield f"line {call.lineno}: pickled arrays"


def test_nothing_runs_what_it_reads():
    assert len(FILES) > 100
    assert {path.name: found for path in FILES if (found := list(dangers(path)))} == {}


def test_the_check_finds_what_it_looks_for(tmp_path):
    script = tmp_path / "bad.py"
    script.write_text("eval(x); run(y, shell=True); torch.load(z); np.load(z, allow_pickle=True)")
    assert len(list(dangers(script))) == 4
