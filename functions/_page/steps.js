// The worked steps of a run: tables, formulas as MathML, and all of them as LaTeX to take away.

import { json, sentence } from "./api.js";
import { copyText } from "./clipboard.js";
import { button, h, lowered, symbol } from "./dom.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
const ELEMENTS = new Set(["math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "msup", "msub", "msubsup", "mover", "munder", "munderover"]);
const ATTRIBUTES = ["display", "alttext", "mathvariant", "width", "accent"];

/** Steps that are fetched when they are unfolded. */
export function stepsView(run) {
  const id = run.run_id ?? run.id;
  if (!id) return null;
  const body = h("div", { class: "steps-body" });
  const details = h("details", { class: "steps more" }, h("summary", {}, "计算步骤"), body);
  let asked = false;
  details.addEventListener("toggle", async () => {
    if (!details.open || asked) return;
    asked = true;
    body.replaceChildren(h("p", { class: "hint" }, "正在整理……"));
    try {
      body.replaceChildren(...written(await json("GET", `/api/runs/${id}/steps`)));
    } catch (error) {
      asked = false;
      body.replaceChildren(h("p", { class: "note" }, sentence(error)));
    }
  });
  return details;
}

function written({ sections }) {
  const copy = button("复制 LaTeX", () => copyText(latex(sections)), { class: "small" });
  return [h("div", { class: "actions" }, copy), ...sections.map(section)];
}

function section(one) {
  return h(
    "section",
    { class: "step-section" },
    h("h4", {}, lowered(one.title)),
    one.steps.map((step) => [h("p", { class: "step-words" }, lowered(step.words)), step.mathml ? formula(step) : null]),
    one.table ? table(one.table) : null,
  );
}

/** Wider than the screen, a formula scrolls by itself. */
function formula(step) {
  const parsed = new DOMParser().parseFromString(step.mathml, "application/xml").documentElement;
  return h("div", { class: "formula", tabindex: "0", role: "group", "aria-label": step.plain }, rebuilt(parsed));
}

/** The element made anew of what MathML needs, and of nothing else. */
function rebuilt(node) {
  if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
  if (!ELEMENTS.has(node.localName)) return document.createTextNode(node.textContent ?? "");
  const element = document.createElementNS(MATHML, node.localName);
  for (const name of ATTRIBUTES) if (node.hasAttribute(name)) element.setAttribute(name, node.getAttribute(name));
  element.append(...[...node.childNodes].map(rebuilt));
  return element;
}

function table({ title, heads, columns }) {
  const head = h("tr", {}, heads.map((one) => h("th", { scope: "col" }, one.title, one.symbol ? [" ", symbol(one.symbol)] : null, one.unit ? ` / ${one.unit}` : null)));
  const count = Math.max(...columns.map((column) => column.length));
  const rows = Array.from({ length: count }, (_, i) => h("tr", {}, columns.map((column) => h("td", {}, column[i] ?? ""))));
  const grid = h("table", { class: "grid" }, h("caption", {}, title), h("thead", {}, head), h("tbody", {}, rows));
  return h("div", { class: "grid-scroll", tabindex: "0", role: "region", "aria-label": title }, grid);
}

/** All sections as a piece of a LaTeX document (ctex, amsmath). */
function latex(sections) {
  const escaped = (text) => text.replace(/[%&#$_{}]/g, "\\$&");
  const lines = sections.flatMap((one) => [
    `\\subsection*{${escaped(one.title)}}`,
    ...one.steps.flatMap((step) => [escaped(step.words), step.latex ? `\\[ ${step.latex} \\]` : "", ""]),
  ]);
  return lines.join("\n");
}
