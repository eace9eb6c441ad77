// The result of a run as a report would give it.

import { button, h, lowered } from "./dom.js";
import { budget, fits } from "./budget.js";
import { claimsView } from "./claims.js";
import { copyTable, copyText } from "./clipboard.js";
import { figures } from "./figures.js";
import { handingView } from "./handing.js";
import { limited } from "./model.js";
import { percent, referred } from "./numbers.js";
import { table, text } from "./report.js";
import { reportView } from "./reporting.js";
import { stepsView } from "./steps.js";

/**
 * Everything that a run found; `variant` declares the fields, and `look(warning)` goes to the
 * reading that a warning is about.
 */
export function resultView(experiment, variant, run, look) {
  const { results = [], warnings = [], images = [] } = run;
  return h(
    "div",
    { class: "result" },
    results.length ? copying(experiment, run) : null,
    warnings.length ? cautions(warnings, look) : h("p", { class: "note good" }, "读数检查没有发现问题。"),
    h("div", { class: "measurands" }, results.map((one) => measurand(one, suspicious(warnings)))),
    withoutLimits(variant, results),
    results.length ? stepsView(run) : null,
    reportView(experiment, run),
    results.length ? claimsView(run) : null,
    handingView(experiment, run),
    figures(experiment, images),
    run.fits?.length ? fits(run.fits) : null,
  );
}

function copying(experiment, run) {
  return h(
    "div",
    { class: "actions copying" },
    button("复制文本", () => copyText(text(experiment, run)), { class: "small" }),
    button("复制为 Word 表格", () => copyTable(table(run), text(experiment, run)), { class: "small" }),
    button("打印", () => print(), { class: "small" }),
  );
}

/** What a reading that may be wrong is warned of as; other warnings may only follow from it. */
const CAUSES = new Set(["decimal-slip", "digit-swap", "outlier", "order", "range", "unit", "sign", "repeats", "discharge", "full-scale", "not-whole"]);
const FOLLOWING = new Set(["reference", "imprecise", "disagreement", "residual-pattern", "poor-fit", "chi-squared", "missing-peak", "integer", "quantum", "unphysical", "linearity"]);

const suspicious = (warnings) => warnings.some(({ code }) => CAUSES.has(code));

/** The causes first; what follows from them is folded under them. */
function cautions(warnings, look) {
  const list = (some) => h("ul", {}, some.map((warning) => {
    const said = lowered(warning.message);
    return h("li", {}, warning.field ? button(said, () => look(warning), { class: "place" }) : said);
  }));
  const follows = suspicious(warnings) ? warnings.filter(({ code }) => FOLLOWING.has(code)) : [];
  const causes = warnings.filter(({ code }) => CAUSES.has(code));
  const first = [...causes, ...warnings.filter((warning) => !causes.includes(warning) && !follows.includes(warning))];
  const folded = follows.length
    ? h("details", { class: "follows" }, h("summary", {}, `可能由此引起的 ${follows.length} 条`), list(follows))
    : null;
  return h("section", { class: "cautions", "aria-label": "提示" }, h("h3", {}, `${first.length} 条提示`), list(first), folded);
}

/** Said where instruments have limits of error and none was given. */
function withoutLimits(variant, results) {
  const known = results.some(({ budget: lines }) => (lines ?? []).some(({ type }) => type === "B"));
  if (known || !results.length || !limited(variant).length) return null;
  return h("p", { class: "hint" }, "没有填仪器误差限，未计入 B 类不确定度。");
}

/** One measurand: its name, the line for the report, the comparison, and the budget on demand. */
export function measurand(one, suspected) {
  const budgetPart = one.budget?.length
    ? h("details", { class: "more" }, h("summary", {}, "不确定度"), budget(one))
    : null;
  return h(
    "article",
    { class: "measurand" },
    h("h3", {}, one.name),
    h("p", { class: "display" }, reported(one.display)),
    one.reference ? comparison(one, suspected) : null,
    budgetPart,
  );
}

/** The line for the report, broken on a narrow screen only before k and P. */
function reported(display) {
  const cut = display.lastIndexOf(" (k");
  if (cut < 0) return lowered(display);
  return [lowered(display.slice(0, cut)), " ", h("span", { class: "coverage" }, display.slice(cut + 1))];
}

/** No agreement is claimed beside a reading that may be wrong, nor where U is more than the value. */
function comparison({ reference, unit, value: found, expanded_uncertainty: expanded }, suspected) {
  const { value, source, relative_deviation: deviation, normalized_error: normalized } = reference;
  const shown = `${referred(value, reference.standard_uncertainty)}${unit && unit !== "1" ? ` ${unit}` : ""}`;
  const unknown = normalized === null || normalized === undefined;
  const inside = unknown ? null : Math.abs(normalized) <= 1;
  const agrees = inside && (suspected || expanded > Math.abs(found)) ? null : inside;
  const verdict = agrees === null ? null : h("span", { class: agrees ? "agrees" : "differs" }, agrees ? "一致" : "不一致");
  const score = unknown ? "" : `，Eₙ = ${normalized.toFixed(2).replace("-", "−")} `;
  return h(
    "div",
    { class: "reference" },
    h("p", {}, h("span", { class: "value" }, `参考值 ${shown}`), h("span", { class: "source" }, source)),
    h("p", {}, `偏差 ${percent(deviation)}${score}`, verdict),
  );
}

/** The quick check's results: the lines for the report alone. */
export function previewView(results) {
  return h(
    "dl",
    { class: "preview" },
    results.map((one) => [h("dt", {}, one.name), h("dd", {}, reported(one.display))]),
  );
}

