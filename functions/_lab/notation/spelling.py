"""What a textbook writes, spelt for Python token by token; for ``formula``.

Read are × · ÷ − ^, superscripts, ½, √, |x|, all brackets, full-width signs, blanks of no width,
Greek letters by name, arcsin and lg and tg, and products without a sign (4π²l, m(R₁²+R₂²)) where
only one reading is possible.
"""

import math
import re
import unicodedata
from collections.abc import Iterator

from functions._lab.errors import ReadingError

FIELD = "formula"
ALIAS = "lab_name_"
"""What variables are called towards Python, some of whose words (lambda) are symbols here."""

CONSTANTS = {"pi": math.pi, "π": math.pi, "e": math.e}
"""Names that are not variables, unless they are declared."""

FUNCTIONS = {
    **{name: name for name in ("sin", "cos", "tan", "asin", "acos", "atan")},
    **{name: name for name in ("sinh", "cosh", "tanh", "exp", "log10", "sqrt")},
    **{"ln": "log", "log": "log", "abs": "", "cot": "tan"},
}
"""Names in formulas and in GTC.  ``log`` is the natural logarithm, as in Python, and ``ln`` says
so; ``lg`` is that to base ten."""

_OTHERWISE = {
    **{"arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctg": "atan", "tg": "tan"},
    **{"ctg": "cot", "lg": "log10"},
}
_LETTERS = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
    *("lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
    *("Delta", "Omega", "Phi", "Theta", "Lambda", "Sigma", "Gamma", "Psi"),
)
_GREEK = dict(zip(_LETTERS, "αβγδεζηθικλμνξρστυφχψωΔΩΦΘΛΣΓΨ", strict=True))
_SAME_AS = {
    **dict.fromkeys("×·⋅∙•＊", "*"),
    **dict.fromkeys("÷∕／", "/"),
    **dict.fromkeys("−–－", "-"),
    **{"＋": "+", "^": "**", "＾": "**"},
    **dict.fromkeys("[{（［｛【", "("),
    **dict.fromkeys("]}）］｝】", ")"),
}
_FRACTIONS = {"½": "(1/2)", "⅓": "(1/3)", "⅔": "(2/3)", "¼": "(1/4)", "¾": "(3/4)", "⅛": "(1/8)"}
_PRIMES = re.compile("[′'’ʹ]")
_PRIME = "ʹ"
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_SUPERSCRIPT = re.compile(f"[{''.join(_SUPERSCRIPTS)}]+")
_UNSEEN = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_SPACE = re.compile("[\\s\u200b\u200c\u200d\u2060\ufeff]+")
_NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_NAME = re.compile(r"[^\W\d](?:(?![⁰¹²³⁴-⁹])\w)*[′'’ʹ]*")
_SIGN = re.compile(r"\*\*|[-+*/()]")


def canonical(name: str) -> str:
    """One spelling for each symbol: normal form KC, Greek letters for their names, one prime."""
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", name)).strip()
    stem = _PRIMES.sub("", plain)
    letter = _GREEK.get(stem, stem)
    return letter + _PRIME * (len(plain) - len(stem))


def pieces(
    text: str, start: int, declared: frozenset[str], aliases: list[str]
) -> Iterator[tuple[str, int]]:
    """Python's spelling of each token with its place; ``aliases`` gets the names in their order.

    Raises ReadingError for a sign that cannot be read, and where a product without a sign could be
    read in two ways.
    """
    return _Reader(text, start, declared, aliases).pieces()


class _Reader:
    """Reads one formula from left to right."""

    def __init__(self, text: str, start: int, declared: frozenset[str], aliases: list[str]) -> None:
        self.text = "".join(_folded(sign) for sign in text)
        self.at = start
        self.declared, self.aliases = declared, aliases
        self.previous = ""
        """Kind of the last token: number, name, function, open, close or sign."""
        self.divided = [False]
        """Whether the last operator was a division, inside each bracket that is open."""
        self.bars = 0
        self.function = ""
        """The last name of a function, as it was typed."""

    def pieces(self) -> Iterator[tuple[str, int]]:
        while self.at < len(self.text):
            space = _SPACE.match(self.text, self.at)
            if space:
                self.at = space.end()
                continue
            yield from self._next()

    def _next(self) -> Iterator[tuple[str, int]]:
        at, sign = self.at, self.text[self.at]
        if power := _SUPERSCRIPT.match(self.text, at):
            plain = "".join(_SUPERSCRIPTS[c] for c in power.group())
            self.at = power.end()
            yield f"**({plain})", at
        elif sign in _FRACTIONS:
            yield from self._operand(at, "number", at + 1, _FRACTIONS[sign])
        elif sign == "√":
            yield from self._root(at)
        elif sign == "|":
            yield from self._bar(at)
        elif number := _NUMBER.match(self.text, at):
            if self.previous == "name":
                raise ReadingError(f"第 {at + 1} 个字符前缺少运算符，乘号不能省略", FIELD)
            yield from self._operand(at, "number", number.end(), number.group())
        elif name := _NAME.match(self.text, at):
            yield from self._names(at, name)
        else:
            yield from self._sign(at, sign)

    def _sign(self, at: int, sign: str) -> Iterator[tuple[str, int]]:
        found = _SIGN.match(self.text, at)
        spelled = _SAME_AS.get(sign) or (found.group() if found else "")
        if not spelled:
            raise ReadingError(f"第 {at + 1} 个字符“{sign}”不能用在公式里", FIELD)
        end = at + 1 if sign in _SAME_AS else at + len(spelled)
        if spelled == "(":
            if self.previous == "function":
                self.at, self.previous = end, "open"
                yield "(", at
            else:
                yield from self._operand(at, "open", end, "(")
            self.divided.append(False)
            return
        self.at = end
        if spelled == ")":
            self.previous = "close"
            if len(self.divided) > 1:
                self.divided.pop()
        else:
            self.previous = "sign"
            if spelled != "**":
                self.divided[-1] = spelled == "/"
        yield spelled, at

    def _operand(self, at: int, kind: str, end: int, spelled: str) -> Iterator[tuple[str, int]]:
        """A token that begins an operand, with the sign of multiplication that was left out."""
        if self.previous == "function":
            raise ReadingError(f"函数 {self.function} 后面要有括号", FIELD)
        if self.previous in ("number", "name", "close"):
            if self.divided[-1]:
                sentence = f"第 {at + 1} 个字符前省略了乘号，又在除号之后：请用括号写清分母"
                raise ReadingError(sentence, FIELD)
            yield "*", at
        self.at, self.previous = end, kind
        yield spelled, at

    def _names(self, at: int, found: re.Match[str]) -> Iterator[tuple[str, int]]:
        """A name, or several declared ones that were written together."""
        word = found.group()
        for part, begin in self._parts(word, at):
            name = _OTHERWISE.get(part, part)
            if name in FUNCTIONS and canonical(part) not in self.declared:
                yield from self._operand(begin, "function", begin + len(part), name)
                self.function = part
            elif canonical(part) in CONSTANTS and canonical(part) not in self.declared:
                yield from self._operand(begin, "name", begin + len(part), canonical(part))
            else:
                known = canonical(part) in self.declared
                if not known and self.previous in ("number", "name", "close"):
                    raise ReadingError(f"第 {begin + 1} 个字符前缺少运算符", FIELD)
                follows = self.text[found.end() : found.end() + 1]
                if not known and _SAME_AS.get(follows, follows) == "(":
                    raise ReadingError(f"不认识 {part} 这个函数，或其写法有误", FIELD)
                alias = f"{ALIAS}{len(self.aliases)}"
                self.aliases.append(canonical(part))
                yield from self._operand(begin, "name", begin + len(part), alias)
        self.at = found.end()

    def _parts(self, word: str, at: int) -> list[tuple[str, int]]:
        """The word as it is, or cut into the longest declared names and constants that make it."""
        known = self.declared | CONSTANTS.keys()
        whole = canonical(word) in known or word in FUNCTIONS or word in _OTHERWISE
        if whole or not self.declared:
            return [(word, at)]
        parts, begin = [], 0
        while begin < len(word):
            ends = range(len(word), begin, -1)
            end = next((e for e in ends if canonical(word[begin:e]) in known), None)
            if end is None:
                return [(word, at)]
            parts.append((word[begin:end], at + begin))
            begin = end
        return parts

    def _root(self, at: int) -> Iterator[tuple[str, int]]:
        """√ before a bracket, or before one number or name."""
        yield from self._operand(at, "function", at + 1, "sqrt")
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at
        token = _NUMBER.match(self.text, self.at) or _NAME.match(self.text, self.at)
        if token is None:
            return
        yield "(", at
        self.previous = "open"
        self.divided.append(False)
        if token.re is _NUMBER:
            yield from self._operand(self.at, "number", token.end(), token.group())
        else:
            parts = self._parts(token.group(), self.at)
            if len(parts) > 1:
                raise ReadingError("根号下有几个量，请用括号括起来", FIELD)
            yield from self._names(self.at, token)
        self.divided.pop()
        yield ")", at
        self.previous = "close"

    def _bar(self, at: int) -> Iterator[tuple[str, int]]:
        """|x|: a bar opens where an operand may begin, and closes where one has ended."""
        if self.bars and self.previous in ("number", "name", "close"):
            self.bars -= 1
            self.at, self.previous = at + 1, "close"
            self.divided.pop()
            yield ")", at
            return
        self.bars += 1
        yield from self._operand(at, "open", at + 1, "abs(")
        self.divided.append(False)


def _folded(sign: str) -> str:
    """One sign in its usual form; full-width ones become plain, superscripts and fractions stay."""
    if sign in _SUPERSCRIPTS or sign in _FRACTIONS or sign in _SAME_AS:
        return sign
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign
