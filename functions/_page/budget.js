// Uncertainty budgets and fit statistics as tables.

import { h, lowered, symbol } from "./dom.js";
import { readable } from "./numbers.js";

const FEW_FITS = 6;

function withUnit(text, unit) {
  if (!unit || unit === "1") return text;
  return unit.startsWith("10") ? `${text}×${unit}` : `${text} ${unit}`;
}

function grid(caption, heads, rows) {
  const head = h("tr", {}, heads.map((text) => h("th", { scope: "col" }, text)));
  const body = rows.map((cells) => h("tr", {}, cells.map((text, i) => h(i ? "td" : "th", i ? {} : { scope: "row" }, text))));
  const table = h("table", { class: "grid" }, h("caption", {}, caption), h("thead", {}, head), h("tbody", {}, body));
  return h("div", { class: "grid-scroll", tabindex: "0", role: "region", "aria-label": caption }, table);
}

/** The budget of one measurand: each influence with type, u, sensitivity, contribution and ν. */
export function budget(one) {
  const heads = ["来源", "类型", "u(xᵢ)", "灵敏系数 cᵢ", `|cᵢ|u(xᵢ) / ${one.unit}`, "ν"];
  const rows = one.budget.map((line) => [
    line.name,
    line.type,
    readable(line.standard_uncertainty, 3),
    readable(line.sensitivity_coefficient, 3),
    readable(line.contribution, 3),
    degrees(line.degrees_of_freedom),
  ]);
  rows.push([
    "合成",
    "",
    "",
    "",
    readable(one.standard_uncertainty, 3),
    degrees(one.degrees_of_freedom),
  ]);
  const lines = grid(`${one.name}的不确定度来源`, heads, rows);
  const k = one.coverage_factor.toFixed(2);
  const u = withUnit(readable(one.standard_uncertainty, 3), one.unit);
  const expanded = withUnit(readable(one.expanded_uncertainty, 3), one.unit);
  const probability = `${Math.round(one.coverage_probability * 100)} %`;
  const sum = `标准不确定度 u = ${u}，k = ${k}（P = ${probability}），扩展不确定度 U = k·u = ${expanded}。`;
  if (!one.gum) return h("div", {}, lines, h("p", { class: "hint" }, sum));
  const { standard_uncertainty: standard, expanded_uncertainty: wide } = one.gum;
  const own = `按所选规则，不确定度为 ${expanded}；`;
  const gum = `按 GUM，u = ${withUnit(readable(standard, 3), one.unit)}，U = ${withUnit(readable(wide, 3), one.unit)}（P = 95 %）。`;
  return h("div", {}, lines, h("p", { class: "hint" }, own + gum));
}

function degrees(value) {
  if (value === null || value === undefined) return "∞";
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

/** All fits of a run; many of them fold into one line. */
export function fits(all) {
  const head = h("h3", {}, all.length > 1 ? `拟合（${all.length}）` : "拟合");
  const list = all.map(fit);
  if (all.length <= FEW_FITS) return h("section", { class: "fits" }, head, list);
  return h("details", { class: "fits" }, h("summary", {}, head), list);
}

/** One fitted curve: equation, parameters, and how well it fits. */
function fit(one) {
  const rows = one.parameters.map((parameter) => [
    [parameter.name, " ", symbol(parameter.symbol)],
    withUnit(readable(parameter.value, 6), parameter.unit),
    withUnit(readable(parameter.standard_uncertainty, 3), parameter.unit),
  ]);
  const caption = `拟合 ${one.name}：${one.model}`;
  const parts = [h("p", { class: "hint" }, statistics(one)), grid(caption, ["参数", "估计值", "标准不确定度"], rows)];
  if (one.parameters.length > 1) parts.push(covariance(one));
  return h("details", { class: "more" }, h("summary", {}, h("span", {}, lowered(one.model)), h("span", { class: "fit-name" }, one.name)), parts);
}

function statistics(one) {
  const parts = [`n = ${one.n}`, `ν = ${one.degrees_of_freedom}`];
  const add = (label, value, digits) => value !== null && value !== undefined && parts.push(`${label} = ${readable(value, digits)}`);
  add("残差标准差 s", one.residual_standard_deviation, 4);
  add("χ²", one.chi_squared, 4);
  add("P(≥χ²)", one.chi_squared_probability, 3);
  add("r²", one.r_squared, 6);
  return parts.join("，");
}

function covariance(one) {
  const heads = ["协方差", ...one.parameters.map((p) => symbol(p.symbol))];
  const rows = one.covariance.map((line, i) => [symbol(one.parameters[i].symbol), ...line.map((v) => readable(v, 4))]);
  return grid(`拟合 ${one.name} 的协方差矩阵`, heads, rows);
}
