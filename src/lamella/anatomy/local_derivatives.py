"""The value and the local derivatives of each elementary operation."""

from __future__ import annotations

import ast
import math

BINARY = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
EXTREMES = ("max", "min")
NAN = float("nan")


def binary(kind: type, a: float, b: float) -> tuple[float, tuple[float, ...]]:
    """Value and slopes of a + b, a - b, a * b, a / b or a ** b.

    >>> binary(ast.Mult, 3.0, -4.0)
    (-12.0, (-4.0, 3.0))
    """
    if kind is ast.Add:
        return a + b, (1.0, 1.0)
    if kind is ast.Sub:
        return a - b, (1.0, -1.0)
    if kind is ast.Mult:
        return a * b, (b, a)
    if kind is ast.Div:
        return (a / b, (1 / b, -a / b**2)) if b else (NAN, (NAN, NAN))
    return _power(a, b)


def _power(a: float, b: float) -> tuple[float, tuple[float, ...]]:
    if (a < 0 and b != int(b)) or (a == 0 and b <= 0):
        return NAN, (NAN, NAN)
    value = a**b
    return value, (b * a ** (b - 1) if a else float(b == 1), value * math.log(a) if a > 0 else 0.0)


def function(name: str, inputs: list[float]) -> tuple[float, tuple[float, ...]]:
    """Value and slopes of a named function; NaN outside its domain.

    >>> function("max", [2.0, 5.0])
    (5.0, (0.0, 1.0))
    """
    if name in EXTREMES:
        best = max(inputs) if name == "max" else min(inputs)
        first = inputs.index(best)
        return best, tuple(float(i == first) for i in range(len(inputs)))
    (x,) = inputs if len(inputs) == 1 else (NAN,)
    if (name == "log" and not x > 0) or (name == "sqrt" and not x > 0) or x != x or x > 700:
        return NAN, (NAN,)
    return ONE[name](x)


def _sigmoid(x: float) -> tuple[float, tuple[float]]:
    value = 1 / (1 + math.exp(-x)) if x > -700 else 0.0
    return value, (value * (1 - value),)


ONE = {
    "exp": lambda x: (math.exp(x), (math.exp(x),)),
    "log": lambda x: (math.log(x), (1 / x,)),
    "sqrt": lambda x: (math.sqrt(x), (0.5 / math.sqrt(x),)),
    "sin": lambda x: (math.sin(x), (math.cos(x),)),
    "cos": lambda x: (math.cos(x), (-math.sin(x),)),
    "tanh": lambda x: (math.tanh(x), (1 - math.tanh(x) ** 2,)),
    "sigmoid": _sigmoid,
    "relu": lambda x: (max(0.0, x), (float(x > 0),)),
    "square": lambda x: (x * x, (2 * x,)),
}
FUNCTIONS = (*ONE, *EXTREMES)
