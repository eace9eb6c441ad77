"""What a client needs to build the form of an experiment: its quantities, read off its types."""

from typing import Any, get_args

import msgspec

from functions._lab.fields import Readings
from functions._runtime.experiment import Experiment

_KINDS = {"array": "column", "string": "text", "integer": "integer", "boolean": "flag"}
_OWN = frozenset(Readings.__struct_fields__)


class FormField(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field of a form; ``path`` is where it stands in the request, ``groups[].currents``."""

    name: str
    path: str
    kind: str
    """``column``, ``repeats`` (a column of lists), ``scalar``, ``integer``, ``flag``, ``choice`` or
    ``text``."""
    title: str
    symbol: str = ""
    unit: str = ""
    table: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    max_length: int | None = None
    choices: list[str] = []
    choice_titles: list[str] = []
    """Chinese names of the choices, in their order, where they have any."""
    first: bool = False
    """Whether it stands above the tables."""
    default: Any = None
    integer: bool = False
    limited: bool = True
    """Whether ``instrument`` may hold a limit of error for it."""


class FormVariant(msgspec.Struct, frozen=True):
    """The fields of one kind of input; an experiment with a tagged union has several."""

    tag_field: str
    tag: str
    title: str
    fields: list[FormField]


class ExperimentForm(msgspec.Struct, frozen=True):
    """An experiment as a client sees it."""

    name: str
    title: str
    route: str
    fields: list[FormField]
    """Fields of the first variant, all there are in most experiments."""
    variants: list[FormVariant]
    sample: msgspec.Raw
    samples: dict[str, msgspec.Raw]
    """All committed samples by file name; the first is ``sample``."""
    schema: dict[str, Any]


def form(experiment: Experiment) -> ExperimentForm:
    """The form of an experiment."""
    (schema,), components = msgspec.json.schema_components([experiment.input])
    structs = [components[option["$ref"].rsplit("/", 1)[1]] for option in _options(schema)]
    titles = _titles(experiment.input)
    variants = [_variant(struct, components, titles) for struct in structs]
    samples = {path.stem: msgspec.Raw(path.read_bytes()) for path in experiment.sample_paths}
    return ExperimentForm(
        experiment.wire_name,
        experiment.title,
        experiment.route,
        variants[0].fields,
        variants,
        msgspec.Raw(experiment.sample()),
        samples,
        {**schema, "$defs": components},
    )


def _options(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = schema.get("anyOf") or [schema]
    return found


def _titles(readings: Any) -> dict[str, str]:
    """Chinese titles of the variants of a tagged union by tag, ``variant_title`` of each."""
    structs = [struct for struct in get_args(readings) if hasattr(struct, "variant_title")]
    return {str(struct.__struct_config__.tag): struct.variant_title for struct in structs}


def _variant(
    struct: dict[str, Any], components: dict[str, Any], titles: dict[str, str]
) -> FormVariant:
    tag_field, tag = "", ""
    own = {n: part for n, part in struct["properties"].items() if n not in _OWN}
    for name, part in own.items():
        if "enum" in part and len(part["enum"]) == 1:
            tag_field, tag = name, part["enum"][0]
    found = _fields({**struct, "properties": own}, components, "", True, "")
    kept = [f for f in found if f.path != tag_field]
    return FormVariant(tag_field, tag, titles.get(tag, tag), kept)


def _fields(
    struct: dict[str, Any], components: dict[str, Any], prefix: str, required: bool, table: str
) -> list[FormField]:
    found: list[FormField] = []
    for name, part in struct["properties"].items():
        needed = required and name in struct.get("required", [])
        found += _field(name, part, components, prefix, needed, table)
    return found


def _field(
    name: str,
    part: dict[str, Any],
    components: dict[str, Any],
    prefix: str,
    required: bool,
    table: str,
) -> list[FormField]:
    outer = part
    for option in part.get("anyOf", []):
        if option.get("type") != "null":
            part = {**{k: v for k, v in outer.items() if k != "anyOf"}, **option}
    path = prefix + name
    inner = part.get("items", {})
    title = part.get("title", name)
    if "$ref" in part or "$ref" in inner:
        target = components[(part.get("$ref") or inner["$ref"]).rsplit("/", 1)[1]]
        step = path + ("[]." if "$ref" in inner else ".")
        return _fields(target, components, step, required, part.get("title", "") or table)
    element = inner or part
    kind = _KINDS.get(part.get("type", ""), "scalar")
    if element.get("type") == "array":
        kind, element = "repeats", element.get("items", {})
    return [
        FormField(
            name=name,
            path=path,
            kind="choice" if "enum" in part else kind,
            title=title,
            symbol=part.get("x-symbol", ""),
            unit=part.get("x-unit", ""),
            table=part.get("x-table", table),
            required=required,
            minimum=element.get("minimum"),
            maximum=element.get("maximum"),
            exclusive_minimum=element.get("exclusiveMinimum"),
            max_length=part.get("maxItems", part.get("maxLength")),
            choices=(choices := [str(choice) for choice in part.get("enum", [])]),
            choice_titles=[part["x-choices"][c] for c in choices] if "x-choices" in part else [],
            first=part.get("x-first", False),
            default=outer.get("default"),
            integer=element.get("type") == "integer",
            limited=part.get("x-limited", True),
        )
    ]
