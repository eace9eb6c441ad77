// A block from a spreadsheet, or a list typed with commas, as rows and columns of texts.

import { plain, token } from "./numbers.js";

const SEPARATORS = /[\s,，、;；|]+/;
const THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;

const hasNumber = (cells) => cells.some((cell) => token(cell) !== null);

/** A cell's text; a number in plain characters, without commas between its thousands. */
function cell(part) {
  const text = plain(part).replace(THOUSANDS, (number) => number.replaceAll(",", ""));
  return token(text) === null ? part.trim() : text;
}

/** Rows of cells in a pasted text, without headings: rows and first columns with no number. */
export function block(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const tabbed = text.includes("\t");
  const rows = lines.map((line) => {
    const parts = tabbed ? line.split("\t") : line.split(SEPARATORS).filter(Boolean);
    return parts.map(cell);
  });
  const kept = rows.filter(hasNumber);
  const named = kept.some((row) => row[0]) && !hasNumber(kept.map((row) => row[0] ?? ""));
  return named ? kept.map((row) => row.slice(1)) : kept;
}

/** Whether a pasted text is more than one value. */
export function isBlock(rows) {
  return rows.length > 1 || (rows.length === 1 && rows[0].length > 1);
}

/**
 * The block turned so that it fits `columns` free columns: a list of values that stands in one
 * row, or a table written with one row a quantity, goes down the columns.
 */
export function fitted(rows, columns) {
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const lying = width > columns && rows.length <= columns;
  const list = rows.length === 1 && width > 1 && width !== columns;
  if (!lying && !list) return rows;
  return Array.from({ length: width }, (_, i) => rows.map((row) => row[i] ?? ""));
}
