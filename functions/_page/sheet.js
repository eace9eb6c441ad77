// A table of readings that behaves like a spreadsheet: arrows, Enter, pasted blocks, more rows.

import { freshId, h, isPhrase, lowered, symbol } from "./dom.js";
import { reading } from "./numbers.js";
import { block, fitted, isBlock, spread } from "./paste.js";
import { announce } from "./notice.js";
import { Rows } from "./rows.js";
import { toolbar } from "./toolbar.js";

const LEAST_ROWS = 5;
const TALL = 24;
const WIDEST = 24;

/**
 * A table over `columns`, each {id, field, prefix, texts}; `texts` is the array that is edited.
 * `changed()` is called after every edit.
 */
export class Sheet {
  constructor(title, columns, changed) {
    this.columns = columns;
    this.changed = changed;
    this.row = 0;
    this.column = 0;
    this.notes = [];
    this.head = h("tr", {}, h("th", { class: "count", scope: "col" }, "#"), columns.map(heading));
    this.heads = [...this.head.children].slice(1);
    this.table = h("table", { class: "sheet", "aria-label": `${title}：读数表` }, h("thead", {}, this.head));
    this.scroller = h("div", { class: "sheet-scroll" }, this.table);
    this.rows = new Rows(this.table, this.scroller, (r) => this.#row(r));
    this.bar = toolbar(this);
    this.element = h("div", { class: "sheet-frame" }, this.scroller, this.bar.element);
    this.table.addEventListener("keydown", (event) => this.#key(event));
    this.table.addEventListener("paste", (event) => this.#paste(event));
    this.table.addEventListener("input", (event) => this.#typed(event.target));
    this.table.addEventListener("focusin", (event) => this.#entered(event.target));
    this.render();
  }

  /** Number of rows that hold something. */
  get filled() {
    return Math.max(0, ...this.columns.map(({ texts }) => texts.findLastIndex((t) => t) + 1));
  }

  /** Build all rows anew from the texts. */
  render() {
    const { scrollTop } = this.scroller;
    this.widths = this.columns.map(() => 0);
    this.columns.forEach(({ texts }, c) => this.#widen(c, texts.reduce((most, text) => Math.max(most, width(text ?? "")), 0)));
    this.clearNotes();
    this.rows.reset(Math.max(LEAST_ROWS, this.filled + 1));
    this.#bounded();
    this.scroller.scrollTop = scrollTop;
  }

  /** A tall table scrolls in a frame of its own, so that the rest of the form stays near. */
  #bounded() {
    this.scroller.classList.toggle("tall", this.rows.count > TALL);
  }

  /** A column is as wide as its longest text. */
  #widen(c, length) {
    const wanted = Math.min(length, WIDEST);
    if (wanted <= this.widths[c]) return;
    this.widths[c] = wanted;
    this.heads[c].style.setProperty("--longest", wanted);
  }

  #row(r) {
    const inputs = this.columns.map((column, c) =>
      h("td", {}, h("input", {
        value: column.texts[r] ?? "",
        inputmode: column.repeats ? "text" : "decimal",
        autocomplete: "off",
        spellcheck: "false",
        enterkeyhint: "next",
        placeholder: " ",
        "aria-label": `${caption(column)} 第 ${r + 1} 行`,
        "data-row": r,
        "data-column": c,
        "data-cell": `${column.id}[${r}]`,
      })),
    );
    return h("tr", {}, h("th", { class: "count", scope: "row" }, String(r + 1)), inputs);
  }

  /** Give a column another prefix, its group's name. */
  rename(c, prefix) {
    this.columns[c].prefix = prefix;
    this.heads[c].querySelector(".quantity").firstChild.data = prefix;
  }

  cell(r, c) {
    return this.rows.row(r)?.cells[c + 1]?.firstChild;
  }

  /** Put the cursor into a cell, with its content chosen as a spreadsheet does. */
  focus(r, c) {
    while (r >= this.rows.count) this.#grow();
    const input = this.cell(r, c);
    input?.focus();
    input?.select();
  }

  #grow() {
    this.rows.grow();
    this.#bounded();
  }

  #entered(input) {
    this.row = Number(input.dataset.row);
    this.column = Number(input.dataset.column);
    this.bar.follow(this.row);
  }

  #typed(input) {
    const r = Number(input.dataset.row);
    const c = Number(input.dataset.column);
    this.write(r, c, input.value);
    this.#widen(c, width(input.value));
    if (r === this.rows.count - 1 && input.value) this.#grow();
    this.changed();
  }

  /** Set one text; rows above it that are still empty stay empty. */
  write(r, c, text) {
    const { texts } = this.columns[c];
    while (texts.length < r) texts.push("");
    texts[r] = text;
    while (texts.length && !texts[texts.length - 1]) texts.pop();
  }

  #key(event) {
    const { key, target, shiftKey } = event;
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const r = Number(target.dataset.row);
    const c = Number(target.dataset.column);
    const { selectionStart: from, selectionEnd: to, value } = target;
    const whole = from === 0 && to === value.length;
    const move = {
      Enter: [shiftKey ? -1 : 1, 0],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
      ArrowLeft: whole || (from === 0 && to === 0) ? [0, -1] : null,
      ArrowRight: whole || (from === value.length && to === from) ? [0, 1] : null,
    }[key];
    if (!move) return;
    const [down, right] = [r + move[0], c + move[1]];
    if (right < 0 || right >= this.columns.length || down < 0) return;
    if (key === "ArrowDown" && down >= this.rows.count) return;
    event.preventDefault();
    this.focus(down, right);
  }

  #paste(event) {
    const given = block(event.clipboardData.getData("text/plain"));
    const { dataset } = event.target;
    const [r, c] = [Number(dataset.row), Number(dataset.column)];
    const free = this.columns.slice(c);
    if (!isBlock(given) || (free[0].repeats && given.rows.length === 1)) return;
    event.preventDefault();
    const several = free.some(({ repeats }) => repeats);
    const needed = free.filter(({ field }) => field.required).length || free.length;
    const pasted = several ? given.rows.map((cells) => spread(cells, free)) : fitted(given, free.length, needed);
    const before = this.columns.map(({ texts }) => [...texts]);
    let left = 0;
    pasted.forEach((cells, i) => {
      const fitting = cells.slice(0, this.columns.length - c);
      left += cells.length - fitting.length;
      fitting.forEach((text, j) => this.write(r + i, c + j, reading(text, free[j].field.unit) ?? text));
    });
    this.render();
    this.focus(r, c);
    this.changed();
    const size = `${pasted.length} 行 × ${Math.min(pasted[0].length, this.columns.length - c)} 列`;
    const rest = left ? `，多出的 ${left} 个数没有地方放` : "";
    announce(`已粘贴 ${size}${rest}。`, { label: "撤销", act: () => this.restore(before) });
  }

  /** Put back the texts of all columns. */
  restore(before) {
    this.columns.forEach(({ texts }, c) => texts.splice(0, texts.length, ...before[c]));
    this.render();
    this.changed();
  }

  /** Take one row out of every column. */
  removeRow(r) {
    const before = this.columns.map(({ texts }) => [...texts]);
    for (const { texts } of this.columns) if (r < texts.length) texts.splice(r, 1);
    this.render();
    this.focus(Math.min(r, this.rows.count - 1), this.column);
    this.changed();
    announce(`已删除第 ${r + 1} 行。`, { label: "撤销", act: () => this.restore(before) });
  }

  /** Add an empty row after the last and go there. */
  addRow() {
    this.#grow();
    this.focus(this.rows.count - 1, 0);
  }

  /** Turn the sign of the reading under the cursor: many phones' number pads have no minus. */
  turnSign() {
    const input = this.cell(this.row, this.column);
    if (!input) return;
    const text = input.value.trim();
    input.value = text.startsWith("-") ? text.slice(1) : `-${text}`;
    this.#typed(input);
    input.focus();
  }

  /** Show a note at a cell, under its row; or at the column's head where it names no reading. */
  mark(c, r, note) {
    if (r !== null && r >= this.rows.count) r = null;
    const id = freshId("note");
    const { field } = this.columns[c];
    const named = r === null && !note.message.includes(field.title);
    const text = [named ? [symbol(field.symbol || field.name), " "] : null, lowered(note.message)];
    const place = h("td", { colspan: this.columns.length + 1 }, h("p", { id, class: `note ${note.kind}` }, text));
    const row = h("tr", { class: "note-row" }, place);
    const target = r === null ? this.heads[c] : this.cell(r, c);
    target.classList.add(note.kind);
    target.setAttribute("aria-describedby", id);
    if (note.kind === "error" && r !== null) target.setAttribute("aria-invalid", "true");
    if (r === null) this.rows.row(0).parentNode.prepend(row);
    else this.#lastOf(r).after(row);
    this.notes.push({ row, target });
  }

  #lastOf(r) {
    let row = this.rows.row(r);
    while (row.nextElementSibling?.classList.contains("note-row")) row = row.nextElementSibling;
    return row;
  }

  /** Take all notes away. */
  clearNotes() {
    for (const { row, target } of this.notes) {
      row.remove();
      target.classList.remove("error", "warning");
      target.removeAttribute("aria-describedby");
      target.removeAttribute("aria-invalid");
    }
    this.notes = [];
  }
}

/** Places that a text takes: a full-width character takes two. */
function width(text) {
  return [...text].reduce((sum, c) => sum + (/[\u2e80-\uffe6]/.test(c) ? 2 : 1), 0);
}

function caption({ prefix, title, field }) {
  return [prefix + title, field.symbol, field.unit && `/ ${field.unit}`].filter(Boolean).join(" ");
}

function heading(column) {
  const { field } = column;
  const unit = field.unit && field.unit !== "1" && !isPhrase(field.unit) ? h("span", { class: "unit" }, field.unit) : null;
  return h(
    "th",
    { scope: "col", title: `${field.path}${field.required ? "（必填）" : "（可不填）"}` },
    h("span", { class: "quantity" }, document.createTextNode(column.prefix), column.title),
    h("span", { class: "measure" }, field.symbol ? symbol(field.symbol) : null, unit ? [" / ", unit] : null),
  );
}
