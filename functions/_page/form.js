// The form of one variant of an experiment, made from what the bundle says of its fields.

import { button, h, lowered, symbol } from "./dom.js";
import { clearControl, control, markControl } from "./fields.js";
import { blankGroup, cells, isBlank, isSectionBlank, limited, sections } from "./model.js";
import { Sheet } from "./sheet.js";

const MANY = 3;
const MOST_NOTES = 60;
const SHORT = 8;

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
      (fresh && !follows(section) ? tables.length <= MANY || section === tables[0] : !isSectionBlank(this.values, section));
    const first = this.variant.fields.filter((field) => field.first).map((field) => this.#single(field, this.values.scalars));
    const top = first.length ? h("div", { class: "singles first" }, first) : null;
    const parts = all.map((section) => this.#section(section, tables.length === 1 || wanted(section), tables.length > 1));
    this.general = h("div", { class: "general" });
    this.element.replaceChildren(...[this.general, top, ...parts, this.#limits()].filter(Boolean));
  }

  #section(section, open, foldable) {
    const hasTable = section.columns.length || section.group;
    const scalars = section.scalars.filter((field) => !field.first).map((field) => this.#single(field, this.values.scalars));
    const grid = scalars.length ? h("div", { class: "singles" }, scalars) : null;
    if (!hasTable && !scalars.length) return null;
    if (!hasTable) {
      const needed = section.scalars.some((field) => field.required);
      return folded(section.title || (needed ? "参数" : "更多参数"), [grid], needed);
    }
    const body = [grid, section.group?.leads ? this.#groups(section.group) : null, this.#sheet(section)];
    const title = section.title || "读数";
    const card = foldable
      ? folded([title, columnSymbols(section)], body, open, "table")
      : h("section", { class: "card" }, h("h2", {}, title), body);
    card.style.setProperty("--columns", this.sheets.at(-1).columns.length);
    return card;
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
      ? this.values.groups[group.container].flatMap((_, index) =>
          group.columns.map((field) => this.#column(field, index, this.#named(group, index))),
        )
      : [];
    const sheet = new Sheet(title || "读数", [...own, ...repeated], this.changed);
    this.sheets.push(sheet);
    return sheet.element;
  }

  #column(field, group, prefix) {
    const texts = cells(this.values, field, group);
    const id = group === null ? field.path : field.path.replace("[]", `[${group}]`);
    return { id, field, group, prefix, title: field.title, texts, repeats: field.kind === "repeats" };
  }

  /** A group's short name where it has one, `T `, or its number where there are several. */
  #named(group, index) {
    const list = this.values.groups[group.container];
    const field = group.names.find(({ kind }) => kind === "text");
    const text = list[index].scalars[field?.path]?.trim() ?? "";
    if (text && text.length <= SHORT) return `${text} `;
    return list.length > 1 ? `${index + 1} 组 ` : "";
  }

  /** Name the columns of the groups anew. */
  #rename(group) {
    for (const sheet of this.sheets) {
      sheet.columns.forEach((column, c) => {
        if (column.group === null || !column.field.path.startsWith(`${group.container}[].`)) return;
        sheet.rename(c, this.#named(group, column.group));
      });
    }
  }

  #groups(group) {
    const changed = () => {
      this.#rename(group);
      this.changed();
    };
    const list = this.values.groups[group.container];
    const rows = list.map((held, index) => {
      const singles = group.scalars.map((field) => {
        const made = control(field, held.scalars, field.path, changed);
        made.group = index;
        this.controls.push(made);
        return made.element;
      });
      const remove = button("删除这组", () => this.#change(() => list.splice(index, 1)), { class: "small" });
      const head = list.length > 1 ? h("div", { class: "group-head" }, `第 ${index + 1} 组`, remove) : null;
      return h("div", { class: "group" }, head, singles);
    });
    const add = button("＋ 加一组", () => this.#change(() => list.push(blankGroup())), { class: "small" });
    return h("div", { class: "groups" }, rows, h("div", { class: "actions" }, add));
  }

  #change(edit) {
    edit();
    this.render();
    this.changed();
  }

  #limits() {
    const seen = new Map(limited(this.variant).map((field) => [field.name, field]));
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
    for (const given of notes.slice(0, MOST_NOTES)) {
      if (!this.#place(given)) this.general.append(h("p", { class: `note ${given.kind}` }, lowered(given.message)));
    }
    const left = notes.length - MOST_NOTES;
    if (left > 0) this.general.append(h("p", { class: "note quiet" }, `另有 ${left} 处同样需要核对，先改前面的。`));
  }

  #place(note) {
    const { sheet, c, held } = this.#find(note);
    if (sheet) sheet.mark(c, note.index, note);
    else if (held) markControl(held, note);
    return Boolean(sheet || held);
  }

  /** The column or the control that a note names: {sheet, c}, {held}, or {}. */
  #find(note) {
    const matches = (path, group) => samePath(path, note.path) && (note.group === null || group === note.group);
    for (const sheet of this.sheets) {
      const c = sheet.columns.findIndex(({ field, group }) => matches(field.path, group));
      if (c >= 0) return { sheet, c };
    }
    const held = this.controls.find(({ path, group }) => matches(path, group));
    return held ? { held } : {};
  }

  /** Bring the reading or the field that a note names into view. */
  goTo(note) {
    const { sheet, c, held } = this.#find(note);
    const target = held?.input ?? sheet?.cell(note.index ?? 0, c);
    if (target) reveal(target);
  }

  /** Bring the first note into view. */
  goToNote() {
    const first = this.element.querySelector("input.error, select.error, th.error, input.warning, .general .note");
    if (first) reveal(first);
  }
}

function reveal(target) {
  target.closest("details")?.setAttribute("open", "");
  target.scrollIntoView({ block: "center" });
  if (target.matches("input, select")) target.focus({ preventScroll: true });
}

/** The same field: exactly, or by its last name where the other gives no more. */
function samePath(path, asked) {
  return path === asked || (!asked.includes(".") && asked !== "" && path.split(".").pop() === asked);
}

/** Whether it is a further table over groups that an earlier one leads. */
const follows = ({ group }) => Boolean(group) && !group.leads;

function columnSymbols({ columns, group }) {
  const found = [...columns, ...(group?.columns ?? [])].map((field) => symbol(field.symbol || field.name));
  return h("span", { class: "symbols", "aria-hidden": "true" }, found);
}

function folded(title, content, open, extra = "") {
  return h("details", { class: `card ${extra}`.trim(), open }, h("summary", {}, h("h2", {}, title)), content);
}
