"""Names in a script: which it declares, which it uses. A lexer, and patterns of a few tokens.

What cannot be told by tokens alone counts as declared, so that nothing is reported by mistake.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<number>\.?\d[\w.]*)
    |(?P<name>[A-Za-z_$][\w$]*)
    |(?P<mark>\?\.(?!\d)|=>|\.\.\.|[=!]==?|.)""",
    re.S | re.X,
)
REGEX = re.compile(r"/(?![/*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/[a-z]*")
PART = re.compile(r"(?:\\.|\$(?!\{)|[^`\\$])*(`|\$\{)", re.S)
KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "async await break case catch class const continue default delete do else false finally "
        "for function if in instanceof let new null of return static switch this throw true try "
        "typeof undefined void while yield",
    )
)
HEADS = frozenset(["if", "for", "while", "switch", "catch", "with"])
GLOBALS = frozenset(
    re.findall(
        r"\w+",
        "Array Blob Boolean CSSStyleSheet DataView DecompressionStream Error EventSource "
        "Float32Array Float64Array Infinity Int16Array Int32Array Int8Array IntersectionObserver "
        "Intl JSON Map Math NaN Number Object Promise RegExp ResizeObserver Response SVGElement "
        "Set String TextDecoder URLSearchParams Uint16Array Uint32Array Uint8Array "
        "Uint8ClampedArray WeakMap addEventListener atob cancelAnimationFrame clearInterval "
        "clearTimeout devicePixelRatio document encodeURIComponent fetch getComputedStyle history "
        "innerHeight innerWidth isNaN location matchMedia navigator parseFloat parseInt "
        "performance queueMicrotask requestAnimationFrame setInterval setTimeout window",
    )
)
OPEN, CLOSE = dict(zip("([{", ")]}", strict=True)), dict(zip(")]}", "([{", strict=True))


@dataclass(frozen=True)
class Token:
    kind: str
    text: str


def tokens(text: str) -> list[Token]:
    """The tokens of a script without blanks and comments; templates by their inserted parts."""
    found: list[Token] = []
    depths: list[int] = []  # of braces, one entry for each template that is open
    at = 0
    while at < len(text):
        if _may_be_regex(found) and (literal := REGEX.match(text, at)):
            found.append(Token("string", literal.group()))
            at = literal.end()
            continue
        if text[at] == "`" or (text[at] == "}" and depths and depths[-1] == 0):
            part = PART.match(text, at + 1)
            if text[at] == "}":
                depths.pop()
                found.append(Token("mark", ")"))
            if part.group(1) == "${":
                depths.append(0)
                found.append(Token("mark", "("))
            else:
                found.append(Token("string", "`"))
            at = part.end()
            continue
        token = TOKEN.match(text, at)
        if depths and token.group() in ("{", "}"):
            depths[-1] += 1 if token.group() == "{" else -1
        if token.lastgroup != "blank":
            found.append(Token(token.lastgroup, token.group()))
        at = token.end()
    return found


def _may_be_regex(before):
    if not before:
        return True
    last = before[-1]
    if last.kind == "name":
        return last.text in ("return", "typeof", "case", "of", "in")
    return last.kind == "mark" and last.text not in (")", "]", "}")


def declared(script: list[Token]) -> set[str]:
    """The names that a script declares anywhere: variables, functions, classes, parameters."""
    return {script[at].text for at in _declared_places(script)}


def used(script: list[Token]) -> list[str]:
    """The names that a script reads, once for each use; no keys and no properties."""
    ends, places = _pairs(script), _declared_places(script)
    return [
        token.text
        for at, token in enumerate(script)
        if token.kind == "name"
        and token.text not in KEYWORDS
        and at not in places
        and not _is_property(script, at, ends)
    ]


def undeclared(text: str, imported: set[str]) -> set[str]:
    """The names that a script uses without declaring or importing them, beside the browser's."""
    script = tokens(text)
    return set(used(script)) - declared(script) - imported - GLOBALS


def unused(text: str, names: set[str]) -> set[str]:
    """Those of `names` that a script never uses."""
    return names - set(used(tokens(text)))


def top_names(text: str) -> set[str]:
    """The names that a script declares at its top, which are those that begin a line."""
    return set(re.findall(r"^(?:const|let|class|(?:async )?function\*?) (\w+)", text, re.M))


def _pairs(script):
    """Where each bracket closes, and where each closing one opened."""
    ends, above = {}, []
    for at, token in enumerate(script):
        if token.kind != "mark":
            continue
        if token.text in OPEN:
            above.append(at)
        elif token.text in CLOSE:
            start = above.pop()
            ends[start], ends[at] = at, start
    return ends


def _text(script, at):
    return script[at].text if 0 <= at < len(script) else ""


def _bound(script, start, stop, ends):
    """Places of the names that a pattern binds; what stands behind a `=` is only its default."""
    at = start
    while at <= stop:
        text = script[at].text
        if text == "=" and script[at].kind == "mark":
            at += 1
            while at <= stop and script[at].text != "," and script[at].text not in CLOSE:
                at = ends[at] + 1 if script[at].text in OPEN else at + 1
            continue
        if script[at].kind == "name" and text not in KEYWORDS and _text(script, at - 1) != ".":
            yield at
        at += 1


def _declared_places(script):
    ends, found = _pairs(script), set()
    for at, token in enumerate(script):
        if token.text in ("const", "let", "var") and token.kind == "name":
            found.update(_pattern(script, at + 1, ends))
        elif token.text in ("function", "class") and token.kind == "name":
            at += _text(script, at + 1) == "*"
            if at + 1 < len(script) and script[at + 1].kind == "name":
                found.add(at + 1)
        elif token.text == "=>" and token.kind == "mark":
            start = ends.get(at - 1)
            found.update([at - 1] if start is None else _bound(script, start, at - 1, ends))
        elif token.text == "{" and _text(script, at - 1) == ")":
            start = ends[at - 1]
            if _text(script, start - 1) not in HEADS or _text(script, start - 1) == "catch":
                found.update(_bound(script, start, at - 1, ends))
        elif token.kind == "name" and _text(script, at - 1) == "," and _text(script, at + 1) == "=":
            found.add(at)
    return found


def _pattern(script, at, ends):
    """Places of names between `const` and its `=`, `of`, `in` or `;`."""
    while at < len(script) and script[at].text not in ("=", "of", "in", ";"):
        stop = ends.get(at, at) if script[at].text in OPEN else at
        yield from _bound(script, at, stop, ends)
        at = stop + 1


def _is_property(script, at, ends):
    before, after = _text(script, at - 1), _text(script, at + 1)
    if before in (".", "?."):
        return True
    if after == ":" and before in ("{", ","):
        return True
    if script[at].text in ("get", "set") and at + 1 < len(script) and script[at + 1].kind == "name":
        return True
    method = after == "(" and _text(script, ends[at + 1] + 1) == "{"
    return method and before in ("{", ",", "get", "set", "async", "}", ";")
