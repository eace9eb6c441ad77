"""Reads printed LaTeX as a calculator would: nothing of the bundle is used.

Numbers, fractions, roots, powers, brackets, × and units; a member of an equation that holds a
letter of a quantity has no value.
"""

import math
import re
from typing import Any

import pint

_UNITS: Any = pint.UnitRegistry(cache_folder=None)
_TOKEN = re.compile(
    r"\\left[(|]|\\right[)|]|\\frac|\\sqrt|\\times|\\pi|\\,|\\mathrm\{[^}]*\}|\\[A-Za-z]+|"
    r"\d+(?:\.\d+)?|[-+={}^_/(),:]|\S"
)
_SPELT = {
    r"\^\\circ ?C": "delta_degC",
    r"(?<=[{/( ])\^\\circ ?": "degree",
    r"\^\\circ ?": r"\,\mathrm{degree}",
    r"\\Omega ?": "ohm",
    r"\\mu ?": "micro",
}


_ENDS = (r"\times", "+", "-", "=", r"\right)", r"\right|", "}", ",")
"""What a unit ends before."""


class Symbolic(Exception):
    """There is a letter in it."""


def members(latex: str) -> list[Any]:
    """The values, with units, of those parts of a chain of equalities that are numbers."""
    values = []
    for found, spelt in _SPELT.items():
        latex = re.sub(found, spelt.replace("\\", "\\\\"), latex)
    for part in _split(latex):
        try:
            values.append(_Reader(_TOKEN.findall(part)).whole())
        except Symbolic:
            continue
    return values


def _split(latex: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"\\left.|\\right.|[{}=]", latex):
        sign = match.group()
        depth += (sign == "{" or sign.startswith(r"\left")) - (
            sign == "}" or sign.startswith(r"\right")
        )
        if sign == "=" and not depth:
            parts.append(latex[start : match.start()])
            start = match.end()
    return [*parts, latex[start:]]


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.place = 0

    def whole(self) -> Any:
        value = self.sum()
        if self.place < len(self.tokens):
            raise Symbolic(self.tokens[self.place])
        return value

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        token = self.peek()
        if not token or (wanted and token != wanted):
            raise Symbolic(f"{token} for {wanted}")
        self.place += 1
        return token

    def sum(self) -> Any:
        negative = self.peek() == "-" and bool(self.take())
        value = self.product()
        value = -value if negative else value
        while self.peek() in ("+", "-"):
            sign = self.take()
            other = self.product()
            value = value + other if sign == "+" else value - other
        return value

    def product(self) -> Any:
        value = self.power()
        while True:
            if self.peek() == r"\times":
                self.take()
                value = value * self.power()
            elif self.peek() == r"\,":
                self.take()
                value = value * self.unit()
            elif self.peek() in (r"\frac", r"\sqrt", r"\left(", r"\pi", "{") or (
                self.peek() and self.peek()[0].isdigit()
            ):
                value = value * self.power()
            else:
                return value

    def power(self) -> Any:
        base = self.atom()
        if self.peek() == "^":
            self.take()
            exponent = self.atom()
            base = base ** float(exponent)
        return base

    def atom(self) -> Any:
        token = self.take()
        if token[0].isdigit():
            return _UNITS.Quantity(float(token), "")
        if token == r"\pi":
            return _UNITS.Quantity(math.pi, "")
        if token == "{":
            return self.until("}")
        if token == r"\frac":
            self.take("{")
            above = self.until("}")
            self.take("{")
            return above / self.until("}")
        if token == r"\sqrt":
            self.take("{")
            return self.until("}") ** 0.5
        if token == r"\left(":
            return self.until(r"\right)")
        if token == r"\left|":
            return abs(self.until(r"\right|"))
        raise Symbolic(token)

    def until(self, end: str) -> Any:
        value = self.sum()
        self.take(end)
        return value

    def unit(self) -> Any:
        """What stands after a thin space, to the next sign."""
        text = ""
        while self.peek() and self.peek() not in (
            r"\times",
            "+",
            "-",
            "=",
            r"\right)",
            r"\right|",
            "}",
            ",",
        ):
            token = self.take()
            if token == "^":
                self.take("{")
                exponent = ""
                while self.peek() != "}":
                    exponent += self.take()
                self.take()
                text += f"**({exponent})"
            elif token.startswith(r"\mathrm{"):
                text += token[8:-1]
            else:
                text += token
        text = f"1{text}" if text.startswith("/") else text
        return _UNITS.parse_expression(text.replace(r"\cdot", "*").replace(r"\%", "percent"))
