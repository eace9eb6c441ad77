// The form of one variant of an experiment, made from what the bundle says of its fields.

import { button, h, symbol } from "./dom.js";
import { clearControl, control, markControl } from "./fields.js";
import { blankGroup, cells, isBlank, isSectionBlank, sections } from "./model.js";
import { spoken } from "./places.js";
import { Sheet } from "./sheet.js";

const MANY = 3;

/** Form over `values`; `changed()` follows every edit. Build anew where groups come or go. */
export class Form {
  constructor(variant, values, changed) {
    this.variant = variant;
    this.values = values;
    this.changed = changed;
    this.element = h("div", { class: "sections" });
    this.render();
  }

  render() {
    this.sheets = [];
    this.controls = [];
    const all = sections(this.variant);
    const tables = all.filter((section) => section.columns.length || section.group);
    const fresh = isBlank(this.values);
    const wanted = (section) =>
      section.columns.some((field) => field.required) ||
      (fresh ? tables.length <= MANY || section === tables[0] : !isSectionBlank(this.values, section));
    const parts = all.map((section) => this.#section(section, tables.length === 1 || wanted(section), tables.length > 1));
    this.general = h("div", { class: "general" });
    this.element.replaceChildren(this.general, ...parts, this.#limits());
  }

  #section(section, open, foldable) {
    const hasTable = section.columns.length || section.group;
    const scalars = section.scalars.map((field) => this.#single(field, this.values.scalars));
    const grid = scalars.length ? h("div", { class: "singles" }, scalars) : null;
    if (!hasTable) {
      const needed = section.scalars.some((field) => field.required);
      return folded(section.title || (needed ? "参数" : "更多参数"), [grid], needed);
    }
    const body = [grid, section.group ? this.#groups(section.group) : null, this.#sheet(section)];
    const title = section.title || "读数";
    if (foldable) return folded([title, columnSymbols(section)], body, open, "table");
    return h("section", { class: "card" }, h("h2", {}, title), body);
  }

  #single(field, held) {
    const made = control(field, held, field.path, this.changed);
    made.group = null;
    this.controls.push(made);
    return made.element;
  }

  #sheet({ title, columns, group }) {
    const own = columns.map((field) => this.#column(field, null, ""));
    const repeated = group
      ? this.values.groups[group.container].flatMap((_, index, list) =>
          group.columns.map((field) => this.#column(field, index, list.length > 1 ? `${index + 1} 组 ` : "")),
        )
      : [];
    const sheet = new Sheet(title || "读数", [...own, ...repeated], this.changed);
    this.sheets.push(sheet);
    return sheet.element;
  }

  #column(field, group, prefix) {
    const texts = cells(this.values, field, group);
    const caption = [prefix, field.title, field.symbol, field.unit && `/ ${field.unit}`].filter(Boolean).join(" ");
    const id = group === null ? field.path : field.path.replace("[]", `[${group}]`);
    return { id, field, group, prefix, title: field.title, caption, texts, repeats: field.kind === "repeats" };
  }

  #groups(group) {
    const list = this.values.groups[group.container];
    const rows = list.map((held, index) => {
      const singles = group.scalars.map((field) => {
        const made = control(field, held.scalars, field.path, this.changed);
        made.group = index;
        this.controls.push(made);
        return made.element;
      });
      const remove = button("删除这组", () => this.#change(() => list.splice(index, 1)), { class: "small" });
      const name = h("span", { class: "group-name" }, `第 ${index + 1} 组`);
      return h("div", { class: "group" }, name, singles, list.length > 1 ? remove : null);
    });
    const add = button("＋ 加一组", () => this.#change(() => list.push(blankGroup())), { class: "small" });
    return h("div", { class: "groups" }, rows, add);
  }

  #change(edit) {
    edit();
    this.render();
    this.changed();
  }

  #limits() {
    const seen = new Map();
    for (const field of this.variant.fields) {
      const measured = field.unit && ["column", "repeats", "scalar"].includes(field.kind);
      if (measured && typeof field.default !== "boolean" && !Array.isArray(field.default)) seen.set(field.name, field);
    }
    if (!seen.size) return null;
    const made = [...seen.values()].map((field) => {
      const asked = { ...field, kind: "scalar", integer: false, default: undefined, choices: [], path: `instrument.${field.name}` };
      const one = control({ ...asked, symbol: field.symbol ? `Δ${field.symbol}` : "Δ" }, this.values.limits, field.name, this.changed);
      one.group = null;
      this.controls.push(one);
      return one.element;
    });
    const why = h("p", { class: "hint" }, "仪器说明书上的误差限 Δ，与读数同单位；按均匀分布 u = Δ/√3 计入 B 类不确定度。可以不填。");
    const given = Object.values(this.values.limits).some(Boolean);
    return folded("仪器误差限", [why, h("div", { class: "singles" }, made)], given);
  }

  /** Take all notes away. */
  clearNotes() {
    this.sheets.forEach((sheet) => sheet.clearNotes());
    this.controls.forEach(clearControl);
    this.general.replaceChildren();
  }

  /** Show each note at the field and reading that it names. */
  show(notes) {
    this.clearNotes();
    for (const given of notes) {
      const note = { ...given, message: spoken(given.message, this.variant) };
      if (!this.#place(note)) this.general.append(h("p", { class: `note ${note.kind}` }, note.message));
    }
  }

  #place(note) {
    const matches = (path, group) => samePath(path, note.path) && (note.group === null || group === note.group);
    for (const sheet of this.sheets) {
      const c = sheet.columns.findIndex(({ field, group }) => matches(field.path, group));
      if (c >= 0) {
        sheet.mark(c, note.index, note);
        return true;
      }
    }
    const found = this.controls.find(({ path, group }) => matches(path, group));
    if (found) markControl(found, note);
    return Boolean(found);
  }

  /** Bring the first note into view. */
  goToNote() {
    const first = this.element.querySelector("input.error, select.error, th.error, input.warning, .general .note");
    if (!first) return;
    first.closest("details")?.setAttribute("open", "");
    first.scrollIntoView({ block: "center" });
    if (first.matches("input, select")) first.focus({ preventScroll: true });
  }
}

/** The same field: exactly, or by its last name where the other gives no more. */
function samePath(path, asked) {
  return path === asked || (!asked.includes(".") && asked !== "" && path.split(".").pop() === asked);
}

function columnSymbols({ columns }) {
  const found = columns.map((field) => symbol(field.symbol || field.name));
  return h("span", { class: "symbols", "aria-hidden": "true" }, found);
}

function folded(title, content, open, extra = "") {
  return h("details", { class: `card ${extra}`.trim(), open }, h("summary", {}, h("h2", {}, title)), content);
}
