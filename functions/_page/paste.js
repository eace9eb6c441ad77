// A block from a spreadsheet, or a list typed with commas, as rows and columns of texts. Nothing of
// it is left out but a row or a column of names: what cannot be read stays as it was typed.

import { plain, reading } from "./numbers.js";

const SEPARATORS = /[\s,，、;；|]+/;
const NAMED = /^\s*[^\s\d=:：[(（,，]{1,20}\s*[=:：]\s*/;
const BRACKETS = /[[\]{}()（）［］【】]/g;

const isNumber = (cell) => reading(cell ?? "", "°") !== null;
const isName = (cell) => /^[\p{L}]/u.test(cell ?? "") && !isNumber(cell);

/** Rows of cells in a pasted text, without a heading row or a first column of names. */
export function block(text) {
  const lines = text.replace(/\r\n?/g, "\n").replace(/^\n+|\n+$/g, "").split("\n");
  const rows = text.includes("\t") ? lines.map((line) => line.split("\t").map((part) => part.trim())) : listed(lines);
  const headed = rows.length > 1 && rows[0].some(Boolean) && rows[0].every((cell) => !cell || isName(cell));
  const kept = headed && rows[1].some(isNumber) ? rows.slice(1) : rows;
  const wide = kept.every((row) => row.length > 1);
  const named = wide && kept.every(([first]) => isName(first)) && kept.some((row) => row.slice(1).some(isNumber));
  return { rows: named ? kept.map((row) => row.slice(1)) : kept, lying: named };
}

/** Lines without tabs: lists with commas or blanks, `x = 1.5, 2.5` and `[0.15, 0.2]` among them. */
function listed(lines) {
  const plainly = lines.map((line) => plain(line.replace(NAMED, "").replace(BRACKETS, " ")));
  const all = plainly.join("\n");
  const decimal = !all.includes(".") && /\d,\d/.test(all) && !/,\s|,\d+,|\D,|,\D/.test(`${all}`);
  return plainly.map((line) => {
    if (isNumber(line)) return [line.trim()];
    return line.split(decimal ? /[\s、;；|]+/ : SEPARATORS).filter(Boolean);
  }).map((row) => (row.length ? row : [""]));
}

/** Whether a pasted text is more than one value. */
export function isBlock({ rows }) {
  return rows.length > 1 || (rows.length === 1 && rows[0].length > 1);
}

/**
 * The rows turned so that they fit `columns` free columns, `needed` of which must be filled: a list
 * of values in one row, or a table with one row a quantity, goes down the columns.
 */
export function fitted({ rows, lying }, columns, needed = columns) {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const across = rows.length <= columns && (width > columns || (rows.length > 1 && rows.length <= needed && width > needed));
  const list = rows.length === 1 && width > 1 && width !== columns;
  if (!across && !list && !(lying && rows.length <= columns)) return rows;
  return Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? ""));
}

/**
 * The cells of a row for columns of which some hold repeats: the first of these takes all that the
 * columns before it and the needed ones behind it leave over, `U, t₁ … t₅`.
 */
export function spread(cells, columns) {
  const several = columns.findIndex(({ repeats }) => repeats);
  if (several < 0) return cells;
  const behind = columns.slice(several + 1).filter(({ field }) => field.required).length;
  const end = Math.max(several + 1, cells.length - behind);
  return [...cells.slice(0, several), cells.slice(several, end).join(" ").trim(), ...cells.slice(end)];
}
