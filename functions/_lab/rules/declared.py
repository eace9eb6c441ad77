"""The parameters of a rule.  The defaults are those of the GUM."""

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from functions._lab.errors import ReadingError

_NO_CONTROL = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$(?!\n)"

Probability: TypeAlias = Annotated[float, Meta(ge=0.5, le=0.9999)]
Text: TypeAlias = Annotated[str, Meta(max_length=300, pattern=_NO_CONTROL)]
Status: TypeAlias = Literal["confirmed", "from reports", "unconfirmed"]
Divisor: TypeAlias = Literal["1", "√3", "√6", "3"]
Rounding: TypeAlias = Literal["half-even", "half-up", "up"]
Notation: TypeAlias = Literal["plus-minus", "scientific", "concise", "parentheses"]
Stated: TypeAlias = Literal["k and P", "k", "P", "P unless 0.95", "nothing"]


class Rules(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One rule; ``quoted`` below is what stands behind ± before the coverage factor."""

    name: Annotated[str, Meta(max_length=40, pattern=r"^[a-z0-9][a-z0-9.-]*$(?!\n)")] = "custom"
    title: Text = "自定义"
    version: Text = ""
    status: Status = "unconfirmed"
    """Confirmed by a handout or an official table, only seen in students' reports, or neither."""
    source: Text = ""

    input_probability: Probability | None = None
    """P to which the quantities that are combined are brought; None for standard uncertainties."""
    t_factor: bool = False
    """Type A is t_P(n-1)·s/√n, else s/√n."""
    t_below: Annotated[int, Meta(ge=3, le=1000)] | None = None
    """Number of readings from which t is taken as 1."""
    factor_decimals: Annotated[int, Meta(ge=1, le=6)] | None = None
    """Decimals of t and k_P as in the school's table; None for all."""
    divisor: Divisor = "√3"
    """C in the type B uncertainty Δ/C of a limit of error."""
    multiplier: Literal["1", "k_P", "P"] = "1"
    """What Δ/C is multiplied by; P·Δ covers the part P of a rectangular distribution."""
    estimation: Literal["none", "limit", "single"] = "none"
    """Estimated last digit: left out, in quadrature to Δ, or a part of its own of single readings.
    """
    estimation_steps: Annotated[float, Meta(ge=0.1, le=1000)] = 1.0
    """Its size, in steps of the last digit of the readings."""
    combination: Literal["rss", "linear"] = "rss"
    """How type A and type B of one direct quantity are added."""
    single_reading: Literal["type-b", "limit"] = "type-b"
    """What a single reading is uncertain by: the type B above, or Δ itself."""
    negligible_type_a: bool = False
    """Type A of less than a third of the limit's part is left out."""
    slope_t: bool = False
    """Parameters of fits have t_P(ν) times their standard error."""

    coverage: Annotated[float, Meta(ge=1, le=10)] | Literal["t"] = "t"
    """Coverage factor, or t_P(ν_eff) of the ``probability`` below."""
    probability: Probability | None = 0.95
    """P that the report states; None where it states none."""
    two_digits_to: Annotated[int, Meta(ge=0, le=9)] = 9
    """U has two digits where its first is at most this, else one."""
    rounding_u: Rounding = "half-even"
    rounding_value: Literal["half-even", "half-up"] = "half-even"
    notation: Notation = "plus-minus"
    relative: Literal["none", "E", "u_r"] = "none"
    """Symbol of the relative uncertainty that is given beside it."""
    relative_digits: Annotated[int, Meta(ge=1, le=2)] = 2
    stated: Stated = "k and P"
    """What stands in brackets after the result."""

    def __post_init__(self) -> None:
        uses_p = self.t_factor or self.slope_t or self.multiplier != "1"
        if uses_p and self.input_probability is None:
            raise ReadingError("用到 t 因子或 k_P 时须给出概率 P", "rules.input_probability")
        if self.t_below is not None and not self.t_factor:
            raise ReadingError("没有用 t 因子，请不要填写", "rules.t_below")
        if self.coverage == "t":
            if self.probability is None:
                raise ReadingError("包含因子取 t 时须给出概率 P", "rules.probability")
            if self.input_probability is not None:
                sentence = "各直接测量量已按概率 P 扩展，包含因子不能再取 t"
                raise ReadingError(sentence, "rules.coverage")
        if self.probability is None and self.stated not in ("nothing", "k"):
            raise ReadingError("没有给出概率 P，不能注明", "rules.stated")

    @property
    def scales(self) -> bool:
        """Whether anything but standard uncertainties by the GUM is quoted."""
        plain = (self.estimation, self.combination, self.single_reading, self.divisor)
        return (
            self.input_probability is not None
            or self.negligible_type_a
            or plain != ("none", "rss", "type-b", "√3")
        )

    def digits(self, first: int) -> int:
        """Digits of a U that begins with ``first``."""
        return 2 if first <= self.two_digits_to else 1
