// The result of a run as a report would give it.

import { button, h, lowered } from "./dom.js";
import { budget, fits } from "./budget.js";
import { copyTable, copyText } from "./clipboard.js";
import { figures } from "./figures.js";
import { percent, referred } from "./numbers.js";
import { spoken } from "./places.js";
import { table, text } from "./report.js";

/**
 * Everything that a run found; `variant` declares the fields that its warnings name, and
 * `look(warning)` goes to the reading that one is about.
 */
export function resultView(experiment, variant, run, look) {
  const { results = [], warnings = [], images = [] } = run;
  return h(
    "div",
    { class: "result" },
    results.length ? copying(experiment, run) : null,
    warnings.length ? cautions(warnings, variant, look) : h("p", { class: "note good" }, "读数检查没有发现问题。"),
    h("div", { class: "measurands" }, results.map(measurand)),
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

function cautions(warnings, variant, look) {
  const items = warnings.map((warning) => {
    const said = lowered(spoken(warning.message, variant, true));
    return h("li", {}, warning.field ? button(said, () => look(warning), { class: "place" }) : said);
  });
  return h("section", { class: "cautions", "aria-label": "提示" }, h("h3", {}, `${warnings.length} 条提示`), h("ul", {}, items));
}

/** One measurand: its name, the line for the report, the comparison, and the budget on demand. */
export function measurand(one) {
  const budgetPart = one.budget?.length
    ? h("details", { class: "more" }, h("summary", {}, "不确定度"), budget(one))
    : null;
  return h(
    "article",
    { class: "measurand" },
    h("h3", {}, one.name),
    h("p", { class: "display" }, reported(one.display)),
    one.reference ? comparison(one.reference, one.unit) : null,
    budgetPart,
  );
}

/** The line for the report, broken on a narrow screen only before k and P. */
function reported(display) {
  const cut = display.lastIndexOf(" (k");
  if (cut < 0) return lowered(display);
  return [lowered(display.slice(0, cut)), " ", h("span", { class: "coverage" }, display.slice(cut + 1))];
}

function comparison(reference, unit) {
  const { value, source, relative_deviation: deviation, normalized_error: normalized } = reference;
  const shown = `${referred(value, reference.standard_uncertainty)}${unit && unit !== "1" ? ` ${unit}` : ""}`;
  const agrees = normalized === null || normalized === undefined ? null : Math.abs(normalized) <= 1;
  const verdict = agrees === null ? null : h("span", { class: agrees ? "agrees" : "differs" }, agrees ? "一致" : "不一致");
  const score = agrees === null ? "" : `，Eₙ = ${normalized.toFixed(2).replace("-", "−")} `;
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

