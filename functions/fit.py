"""Any two columns of readings: a curve of a declared model, with start values of its own.

Model
    line y = a + b x; proportional y = b x; polynomial; power A x^B; exponential A exp(B x);
    logarithm A + B ln x; gaussian A exp(-(x - μ)²/(2σ²)) + C; sine A sin(2πf x + φ) + C;
    damped-sine A exp(-βx) sin(2πf x + φ) + C; peaks: maxima and minima of the curve;
    successive-difference: the slope by 逐差法.  ``offset`` adds a constant C to a power or an
    exponential, or takes it from a Gaussian.
Measurands
    The parameters, correlated as the fit makes them, and what follows from them: x-intercept of a
    line, time constant 1/|B|, full width of a Gaussian, period, logarithmic decrement; positions
    and spacing of peaks.
Uncertainty
    From the residuals (ν = n - p), with instrument limits of x and y as type B beside it (scatter
    that the last digit hides: ``_lab.resolution``); or from ``u_x``, ``u_y``, then with χ²/ν.
Sources
    JCGM 100:2008, H.3, G.4; ISO/TS 28037:2010 for a line with uncertain x; J. Orear, Am. J. Phys.
    50 (1982) 912, for the effective variance of other curves.
"""

from typing import Annotated, Any, Literal

import msgspec

from functions import _lab as lab
from functions._lab.errors import ReadingError
from functions._lab.fields import (
    Positive,
    Readings,
    Real,
    axis_label,
    column,
    require_equal_lengths,
    require_points,
    require_spread,
)
from functions._lab.figure import Figure
from functions._lab.model_names import METHOD_TITLES, Model
from functions._lab.result import Caution, Fit, Measurand, Result
from functions._runtime.experiment import experiment

Method = Literal[Model, "peaks", "successive-difference"]
PARAMETERS = {"line": 2, "proportional": 1, "power": 2, "exponential": 2, "logarithm": 2} | {
    "gaussian": 3,
    "sine": 4,
    "damped-sine": 5,
}
OFFSETS = {"auto": "由数据决定", "with": "加上", "without": "不加"}
MOST_PEAKS = 20  # and as many valleys are given as measurands

_NO_CONTROL = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$(?!\n)"


def _choice(title: str, names: dict[str, str]) -> msgspec.Meta:
    return msgspec.Meta(title=title, extra_json_schema={"x-choices": names, "x-first": True})


def _text(title: str, max_length: int) -> msgspec.Meta:
    return msgspec.Meta(title=title, max_length=max_length, pattern=_NO_CONTROL)


def _uncertainty(of: str) -> msgspec.Meta:
    unit = f"{of} 的单位"
    return column(f"{of} 的标准不确定度", f"u({of})", unit, table="读数", limited=False)


class Columns(Readings, frozen=True):
    """Two columns, what is known of them, and the model."""

    x: Annotated[list[Real], column("横坐标", "x", "x 的单位", table="读数")]
    y: Annotated[list[Real], column("纵坐标", "y", "y 的单位", table="读数")]
    model: Annotated[Method, _choice("模型", METHOD_TITLES)] = "line"
    degree: Annotated[int, msgspec.Meta(title="多项式次数", ge=1, le=10)] = 2
    offset: Annotated[
        Literal["auto", "with", "without"], _choice("常数项 C（幂函数、指数、高斯）", OFFSETS)
    ] = "auto"
    u_x: Annotated[list[Positive], _uncertainty("x")] | None = None
    u_y: Annotated[list[Positive], _uncertainty("y")] | None = None
    title: Annotated[str, _text("图题", 60)] = ""
    x_label: Annotated[str, _text("横坐标名称", 40)] = "x"
    x_unit: Annotated[str, _text("横坐标单位", 20)] = ""
    y_label: Annotated[str, _text("纵坐标名称", 40)] = "y"
    y_unit: Annotated[str, _text("纵坐标单位", 20)] = ""

    def __post_init__(self) -> None:
        require_equal_lengths(x=self.x, y=self.y)
        for name, given in (("u_x", self.u_x), ("u_y", self.u_y)):
            if given is None:
                continue
            if len(given) != 1:
                require_equal_lengths(**{"x": self.x, name: given})
            if self.limit(name[-1]) is not None:
                raise ReadingError(f"已给出 {name}，请不要再给出 {name[-1]} 的误差限", name)
        if self.u_x and not self.u_y and self.model != "line":
            raise ReadingError("除直线外，给出 u_x 时还须给出 u_y", "u_x")
        self._check_x()

    def _check_x(self) -> None:
        known = self.u_y is not None or self.u_x is not None
        if self.model in ("power", "logarithm"):
            for index, value in enumerate(self.x):
                if value <= 0:
                    raise ReadingError("所选模型要求 x 大于零", "x", index)
        if self.model == "peaks":
            require_points("x", list(set(self.x)), 5, "寻找峰")
        elif self.model == "successive-difference":
            require_points("x", self.x, 2 if known or self.limit("y") else 4, "逐差法")
        elif self.model == "proportional" and not any(self.x):
            raise ReadingError("所有读数都是零，无法拟合", "x")
        else:
            self._check_points(known)
        if self.model != "proportional":
            require_spread("x", self.x)

    def _check_points(self, known: bool) -> None:
        count = self.degree + 1 if self.model == "polynomial" else PARAMETERS[self.model]
        optional = self.model in ("power", "exponential") and self.offset == "with"
        count += optional or (self.model == "gaussian" and self.offset != "without")
        simple = self.model in ("line", "proportional", "polynomial")
        require_points("x", self.x, count + (not known and not simple), "拟合这个模型")
        if len(set(self.x)) < count:
            raise ReadingError(f"只有 {len(set(self.x))} 个不同的值，至少需要 {count} 个", "x")

    @property
    def constant(self) -> bool | None:
        """``offset`` as the models take it."""
        return {"auto": None, "with": True, "without": False}[self.offset]

    def spread(self, name: Literal["x", "y"]) -> list[float] | None:
        """Standard uncertainty of each reading of a column, where it is known."""
        given = self.u_x if name == "x" else self.u_y
        if given is None:
            limit = self.limit(name)
            return None if limit is None else [limit / 3**0.5] * len(self.x)
        return given * len(self.x) if len(given) == 1 else given

    @property
    def known(self) -> tuple[list[float] | None, list[float] | None]:
        """Standard uncertainties of x and y that were given, of each reading."""
        x = None if self.u_x is None else self.spread("x")
        return x, None if self.u_y is None else self.spread("y")

    def asks_for_constant(self, model: Any) -> bool:
        """Whether the readings do."""
        return lab.models.needs_offset(model, self.x, self.y, self.known[1])

    def axis(self, name: Literal["x", "y"]) -> str:
        """Axis label, ``时间 t / s``."""
        label = (self.x_label if name == "x" else self.y_label).strip() or name
        unit = (self.x_unit if name == "x" else self.y_unit).strip()
        return axis_label(label, unit)


class Curve(Result, frozen=True, kw_only=True):
    """The result with what was fitted: ``models.Fitted``, ``Successive`` or ``Extrema``."""

    curve: Any


def analyse(readings: Columns) -> Curve:
    """Parameters, statistics and warnings of the chosen model."""
    if readings.model == "peaks":
        return _peaks(readings)
    if readings.model == "successive-difference":
        return _successive(readings)
    return _fitted(readings, readings.model)


def _fitted(readings: Columns, model: Any) -> Curve:
    u_x, u_y = readings.known
    added = readings.constant is None and readings.asks_for_constant(model)
    form: dict[str, Any] = {"degree": readings.degree, "offset": added or readings.constant}

    def fit(y_limit: float | None) -> Any:
        return lab.models.fit_model(
            model,
            readings.x,
            readings.y,
            **form,
            u_x=u_x,
            u_y=u_y,
            x_limit=readings.limit("x"),
            y_limit=y_limit,
            x_unit=readings.x_unit,
            y_unit=readings.y_unit,
        )

    fitted, half = fit(readings.limit("y")), None
    if fitted.u is None and fitted.type_a_known and not readings.instrument:
        half = lab.resolution.hidden(fitted.y, fitted.fit.residual_standard_deviation)
        fitted = fitted if half is None else fit(half)
    cautions = lab.adequacy.constant_checks(added)
    cautions += lab.adequacy.reading_checks(fitted, model, **form)
    cautions += lab.adequacy.fit_checks(fitted, model, **form)
    measurands: list[Measurand] = []
    if fitted.type_a_known:
        named = zip(fitted.named, fitted.estimates, strict=True)
        measurands = [
            lab.measurand.measurand(texts[0], texts[1], texts[2], value) for texts, value in named
        ]
        measurands += lab.derived.derived(model, fitted, readings.x_unit)
    else:
        sentence = f"{fitted.n} 个读数刚好定出曲线，无法由离散评定不确定度，请增加测量点"
        cautions.append(lab.verdict.unfit(sentence, "x"))
    if fitted.type_a_known and fitted.u is None:
        cautions += lab.checks.few_points(fitted.fit.degrees_of_freedom, "拟合", "x")
        if half is not None:
            cautions.append(lab.resolution.hidden_check("拟合", half, "y"))
    return Curve(measurands=measurands, fits=[fitted.fit], warnings=cautions, curve=fitted)


def _successive(readings: Columns) -> Curve:
    u_x, u_y = readings.known

    def differences(y_limit: float | None) -> Any:
        return lab.successive.successive_differences(
            readings.x,
            readings.y,
            u_x=u_x,
            u_y=u_y,
            x_limit=readings.limit("x"),
            y_limit=y_limit,
        )

    found, half = differences(readings.limit("y")), None
    if u_y is None and readings.limit("y") is None and found.degrees_of_freedom:
        scatter = float(found.differences.std(ddof=1)) / 2**0.5
        half = lab.resolution.hidden(found.y, scatter)
    if half is not None:
        found = differences(half)
    slope = ("斜率（逐差法）", "b", lab.units.quotient(readings.y_unit, readings.x_unit))
    measurands = [lab.measurand.measurand(*slope, found.slope)]
    if found.step is not None:
        named, value = ("相邻两点纵坐标之差", "Δy"), found.step
    else:
        apart = lab.reporting.significant(found.distance, 6)
        named, value = (f"逐差的平均值（x 相隔 {apart}）", "d̄"), found.mean
    measurands.append(lab.measurand.measurand(*named, readings.y_unit, value))
    fit = found.as_fit("fit", "y = ȳ + b·(x − x̄)", slope)
    cautions = lab.checks.line_checks("x", readings.x, "y", readings.y)
    cautions += lab.adequacy.chi_squared_checks(fit)
    if u_y is None:
        cautions += lab.checks.few_points(found.degrees_of_freedom, "逐差法", "y")
    if half is not None:
        cautions.append(lab.resolution.hidden_check("逐差法", half, "y"))
    if found.unused is not None:
        sentence = f"读数个数为奇数，逐差法没有用到中间的 y[{found.unused}]"
        cautions.append(Caution("unused", sentence, "y", found.unused))
    return Curve(measurands=measurands, fits=[fit], warnings=cautions, curve=found)


def _peaks(readings: Columns) -> Curve:
    extrema = lab.peaks.find_extrema(readings.x, readings.y)
    limit = readings.limit("x")
    instrument = lab.measurand.limit(limit, "x") if limit else 0.0
    measurands: list[Measurand] = []
    fits: list[Fit] = []
    for name, symbol, found in (("峰", "x", extrema.peaks), ("谷", "x′", extrema.valleys)):
        for number, extremum in enumerate(found[:MOST_PEAKS], 1):
            text = f"第 {number} 个{name}的位置"
            position = lab.derived.position(extremum, text) + instrument
            symbol_of = f"{symbol}{lab.units.subscript(number)}"
            measurands.append(lab.measurand.measurand(text, symbol_of, readings.x_unit, position))
    cautions = lab.strays.stray_checks("x", readings.x)
    if not extrema.peaks and not extrema.valleys:
        cautions.append(lab.verdict.unfit("没有找到高出噪声的峰或谷", "y"))
    if len(extrema.peaks) >= 3:
        orders = lab.peaks.orders(extrema.peaks)
        places = [p.value for p in extrema.peaks]
        line = lab.line.fit_line(orders, places, y_limit=limit, label="峰位–序号", y_label="x")
        spacing = ("相邻峰的间距", "Δx", readings.x_unit)
        measurands.append(lab.measurand.measurand(*spacing, line.slope))
        cautions += lab.checks.few_points(line.degrees_of_freedom, "相邻峰的间距", "x")
        fits.append(
            line.as_fit("peaks", "xₙ = x₀ + Δx·n", spacing, ("起点", "x₀", readings.x_unit))
        )
    return Curve(measurands=measurands, fits=fits, warnings=cautions, curve=extrema)


def figures(readings: Columns, result: Curve) -> dict[str, Figure]:
    """Figure ``fit``: readings, curve and band, residuals below; or peaks, or differences."""
    draw: Any = lab.fitted_panels.fit_panels
    if readings.model == "peaks":
        draw = lab.fitted_panels.peak_panels
    elif readings.model == "successive-difference":
        draw = lab.fitted_panels.difference_panels
    axes = readings.axis("x"), readings.axis("y")
    panels = draw(result, result.curve, *axes, readings.spread("x"), readings.spread("y"))
    title = readings.title.strip() or f"{readings.axis('y')} 与 {readings.axis('x')}"
    return {"fit": Figure(title, panels)}


function = experiment(
    __file__,
    title="通用拟合",
    input=Columns,
    analyse=analyse,
    figures=figures,
    chapter="数据处理工具",
    keywords="最小二乘法 直线 逐差法 曲线拟合 多项式 寻峰",
)
app = function.app
