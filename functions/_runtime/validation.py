"""Decode a request into the Struct that a function declared, or say in Chinese what is wrong."""

import re
from typing import Any, TypeAlias, TypeVar, get_args

import msgspec

from functions._lab import rules
from functions._lab.errors import ReadingError
from functions._lab.fields import Field, Readings, fields, require_sizes
from functions._lab.wording import words
from functions._runtime.errors import BadInput

T = TypeVar("T")
_Scalar: TypeAlias = float | str | bool | None

_TYPES = {
    "float": "数字",
    "int": "整数",
    "str": "文本",
    "bool": " true 或 false",
    "array": "数组",
    "object": "对象",
    "null": "空值",
}
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `(?P<key>key in )?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Object contains unknown field `(.{1,40}?)`"), "没有名为 {0} 的参数"),
    (re.compile(r"Object missing required field `(.+)`"), "缺少必填字段 {0}"),
    (re.compile(r"Expected `(?:int|float)(?: \| null)?`, got `null`"), "空着"),
    (re.compile(r"Expected `int(?: \| null)?`, got `float`"), "应为整数，收到的是小数"),
    (re.compile(r"Expected `(.+)`, got `(.+)`"), "应为{0}，收到的是{1}"),
    (re.compile(r"Expected `(\w+)(?: \| null)?` of length >= 1$"), "不能为空"),
    (re.compile(r"Expected `(\w+)(?: \| null)?` of length >= (\d+)"), "至少需要 {1} 项"),
    (re.compile(r"Expected `str(?: \| null)?` of length <= (\d+)"), "太长，最多 {0} 个字符"),
    (re.compile(r"Expected `(\w+)(?: \| null)?` of length <= (\d+)"), "太长，最多 {1} 项"),
    (re.compile(r"Expected `str(?: \| null)?` matching regex"), "含有不允许的字符"),
    (re.compile(r"Expected `(\w+)(?: \| null)?` >= 1e-30$"), "应大于 0"),
    (re.compile(r"Expected `(\w+)(?: \| null)?` (>=|<=|>|<) (.+)"), "应{1} {2}"),
    (re.compile(r"Number out of range"), "数字超出范围"),
    (re.compile(r"Invalid (?:enum )?value (.{1,40})"), "取值 {0} 不在允许的范围内"),
)
_MISSING = re.compile(r"Object missing required field `(.+?)`")
_INDEXED = re.compile(r"(.*?[^\]])\[(\d+)\](?:\[\d+\])?")
_NO_INTEGER = re.compile(r"Expected `int(?: \| null)?`, got `float` - at `\$\.(\w+)(?:\[\d+\])?`")
_LARGEST_WHOLE = 2.0**53
_SIGNS = {">=": "不小于", "<=": "不大于", ">": "大于", "<": "小于"}


def decode(body: bytes, type_: type[T]) -> T:
    """The body as ``type_``.  Raises BadInput with one Chinese sentence."""
    if not body.strip():
        raise BadInput("请求体为空，应为 JSON")
    try:
        # As text first: the decoder does not look into strings that it leaves out.
        found = _decoded(body.decode(), type_)
        if isinstance(found, Readings):
            require_sizes(found)
        return found
    except ReadingError as error:
        raise _refused(type_, error) from None
    except UnicodeDecodeError:
        raise BadInput("请求体不是有效的 UTF-8 文本") from None
    except RecursionError:
        raise BadInput("请求体嵌套过深") from None
    except msgspec.ValidationError as error:
        raise _explained(type_, str(error)) from None
    except msgspec.DecodeError:
        raise BadInput("请求体不是有效的 JSON") from None


def _decoded(text: str, type_: type[T]) -> T:
    """The text as ``type_``, where 2.0 is 2: JSON has one kind of number (RFC 8259, 6)."""
    seen: set[str] = set()
    while True:
        try:
            return msgspec.json.decode(text, type=type_)
        except msgspec.ValidationError as error:
            refused = _NO_INTEGER.fullmatch(str(error))
            if refused is None or refused[1] in seen:
                raise
            seen.add(refused[1])
            try:
                text = _with_integer(text, refused[1])
            except msgspec.ValidationError:  # there is more in the field than numbers
                raise error from None


def _with_integer(text: str, name: str) -> str:
    """The same object with whole numbers of one field as integers; nothing else is looked at."""
    parts = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    value = msgspec.json.decode(parts[name], type=_Scalar | list[_Scalar])
    whole = [_integer(number) for number in value] if isinstance(value, list) else _integer(value)
    parts[name] = msgspec.Raw(msgspec.json.encode(whole))
    return msgspec.json.encode(parts).decode()


def _integer(value: Any) -> Any:
    whole = isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST_WHOLE
    return int(value) if whole else value


def convert(values: dict[str, str], type_: type[T]) -> T:
    """Query parameters as ``type_``.  Raises BadInput with one Chinese sentence."""
    try:
        return msgspec.convert(values, type_, strict=False)
    except msgspec.ValidationError as error:
        raise _explained(type_, str(error)) from None


def explain(message: str) -> str:
    """A Chinese sentence for msgspec's English one: place, then reason."""
    place, reason = _parts(message)
    return f"{place}：{reason}" if place else reason


def _parts(message: str) -> tuple[str, str]:
    """Place in the request and reason of msgspec's sentence."""
    match = _PLACE.match(message)
    what, path = (match["what"], match["path"] or "") if match else (message, "")
    place = path.removeprefix(".").replace("[...]", "")
    for pattern, sentence in _RULES:
        if found := pattern.match(what):
            return place, sentence.format(*(_in_chinese(part) for part in found.groups()))
    return place, "格式不符"


def _explained(type_: Any, message: str) -> BadInput:
    """The refusal in the words of the form."""
    kinds = [kind for kind in (get_args(type_) or (type_,)) if _is_struct(kind)]
    place, reason = _parts(message)
    missing = _MISSING.search(message)
    field = ".".join(filter(None, (place, missing[1]))) if missing else place
    name, index = _indexed(field)
    for kind in kinds:
        said = words(kind).place(name, index)
        if said:
            detail = f"缺少{said}" if missing else f"{said}：{reason}"
            return BadInput.at(detail, name, index)
    return BadInput.at(explain(message), name, index)


def _refused(type_: Any, error: ReadingError) -> BadInput:
    kinds = [kind for kind in (get_args(type_) or (type_,)) if _is_readings(kind)]
    known = [kind for kind in kinds if words(kind).place(error.field, error.index)]
    sentence = words((known or kinds)[0]).refusal(error) if kinds else error.sentence
    return BadInput.at(sentence, error.field, error.index)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _is_readings(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Readings)


def _indexed(place: str) -> tuple[str, int | None]:
    """Field and index of ``groups[1].currents[3]``; the inner index of repeats is left out."""
    found = _INDEXED.fullmatch(place)
    return (found[1], int(found[2])) if found else (place, None)


def _in_chinese(part: str) -> str:
    if part in _SIGNS:
        return _SIGNS[part]
    if re.fullmatch(r"-?\d+\.0", part):
        return part[:-2]
    names = [_TYPES.get(name, name) for name in part.split(" | ") if name != "null"]
    return "或".join(names) or _TYPES["null"]


def check_readings(readings: Readings, max_points: int) -> None:
    """Raise BadInput where the request holds too many readings, an unknown instrument or rule."""
    given = msgspec.structs.asdict(readings)
    points = _count({name: given[name] for name in given if name != "rules"})
    if points > max_points:
        raise BadInput(f"一次请求共 {points} 个读数，最多 {max_points} 个")
    known = _declared(readings)
    for name in readings.instrument:
        if name not in known:
            raise BadInput.at(f"没有名为 {name[:40]} 的量，不能给它误差限", "instrument")
        if not known[name].limited:
            said = words(type(readings)).sentence(f"{name} 的误差限不影响结果，请不要填写")
            raise BadInput.at(said, f"instrument.{name}")
    try:
        rules.chosen(readings.rules)
    except ReadingError as error:
        raise _refused(type(readings), error) from None


def _count(value: Any) -> int:
    if isinstance(value, list | tuple):
        return sum(_count(item) if isinstance(item, list | msgspec.Struct) else 1 for item in value)
    if isinstance(value, dict):
        return sum(_count(item) for item in value.values())
    return _count(msgspec.structs.asdict(value)) if isinstance(value, msgspec.Struct) else 0


def _declared(struct: msgspec.Struct) -> dict[str, Field]:
    """All quantities that the struct, or a struct in it, declares, by name."""
    found = dict(fields(type(struct)))
    for value in msgspec.structs.asdict(struct).values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, msgspec.Struct):
                found |= _declared(item)
    return found
