// A result as text and as a table that Word takes.

import { h } from "./dom.js";
import { percent, readable, referred } from "./numbers.js";

/** The measurands and the warnings, a line each. */
export function text(experiment, run) {
  const lines = [experiment.title, ""];
  for (const one of run.results) {
    lines.push(`${one.name}：${one.display}`);
    if (one.reference) {
      const { value, source, relative_deviation: deviation } = one.reference;
      lines.push(`　参考值 ${referred(value, one.reference.standard_uncertainty)} ${one.unit}（${source}），相对偏差 ${percent(deviation)}`);
    }
  }
  if (run.warnings?.length) lines.push("", "提示：", ...run.warnings.map(({ message }) => `· ${message}`));
  return lines.join("\n");
}

/** The measurands as a table element with borders that survive the clipboard. */
export function table(run) {
  const heads = ["被测量", "结果", "u", "ν", "k", "与参考值的偏差"];
  const row = (tag, cells) => h("tr", {}, cells.map((cell) => h(tag, {}, cell)));
  const rows = run.results.map((one) => {
    const infinite = one.degrees_of_freedom === null;
    return row("td", [
      one.name,
      one.display,
      `${readable(one.standard_uncertainty, 3)}${one.unit === "1" ? "" : ` ${one.unit}`}`,
      infinite ? "∞" : readable(one.degrees_of_freedom, 3),
      one.coverage_factor.toFixed(2),
      one.reference ? percent(one.reference.relative_deviation) : "—",
    ]);
  });
  return h("table", { border: "1", cellspacing: "0", cellpadding: "4" }, row("th", heads), rows);
}
