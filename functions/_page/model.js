// The form of an experiment as data: its sections, its values, and the request made from them.

import { reading } from "./numbers.js";

const isColumn = ({ kind, default: given }) => (kind === "column" && !Array.isArray(given)) || kind === "repeats";

/** Sections of a variant: columns that are typed side by side, with the single values beside them. */
export function sections(variant) {
  const found = new Map();
  for (const field of variant.fields) {
    const cut = field.path.indexOf("[].");
    const container = cut < 0 ? "" : field.path.slice(0, cut);
    const outer = cut < 0 ? field.path.slice(0, -field.name.length) : `${container}[]`;
    const key = `${outer}|${field.table ?? ""}`;
    if (!found.has(key)) {
      found.set(key, { key, title: field.table ?? "", scalars: [], columns: [], container });
    }
    found.get(key)[isColumn(field) ? "columns" : "scalars"].push(field);
  }
  return joined(beside([...found.values()]));
}

/** Single values of one part of the request (`t2m.m0_g`) stand with that part's columns. */
function beside(all) {
  const outer = (section) => section.key.split("|")[0];
  for (const lone of all.filter((section) => !section.columns.length && outer(section))) {
    const host = all.find((section) => section.columns.length && outer(section) === outer(lone));
    if (!host) continue;
    host.scalars.push(...lone.scalars);
    all.splice(all.indexOf(lone), 1);
  }
  return all;
}

/**
 * Repeated groups with one column stand in the table of the column that they share. Of several
 * tables over the same groups the first `leads`: there groups are added and named.
 */
function joined(all) {
  const groups = all.filter((section) => section.container);
  const rest = all.filter((section) => !section.container);
  for (const group of groups) {
    const leader = groups.find(({ container }) => container === group.container);
    Object.assign(group, { leads: group === leader, names: leader.scalars });
    const named = rest.find((s) => s.columns.length && s.title === group.title);
    const lone = rest.filter((s) => s.columns.length);
    const host = named ?? (group.leads && group.columns.length === 1 && lone.length === 1 ? lone[0] : null);
    if (host) host.group = group;
    else rest.push({ ...group, scalars: [], columns: [], group });
  }
  return rest.map((section) => ({ group: null, ...section }));
}

/**
 * Fields that are read off an instrument, and so may have its limit of error: no counts, no
 * constants of the apparatus, no uncertainties, and nothing of a group that has a field for it.
 */
export function limited(variant) {
  const group = ({ path }) => path.slice(0, path.indexOf("[].") + 1);
  const own = new Set(variant.fields.filter(({ symbol }) => symbol === "Δ").map(group));
  return variant.fields.filter((field) => {
    const measured = field.unit && field.limited !== false && ["column", "repeats", "scalar"].includes(field.kind) && !field.integer;
    const constant = field.path.includes(".") && field.default !== undefined;
    return measured && !constant && !Array.isArray(field.default) && !field.symbol?.startsWith("u(") && !own.has(group(field));
  });
}

/** Values of a form in which nothing has been typed. */
export function blank(variant) {
  const values = { columns: {}, scalars: {}, groups: {}, limits: {} };
  for (const { container } of groupsOf(variant)) values.groups[container] = [blankGroup()];
  return values;
}

export const blankGroup = () => ({ columns: {}, scalars: {} });

/** The repeated groups of a form, each with the fields of all its tables. */
function groupsOf(variant) {
  const found = new Map();
  for (const { group } of sections(variant)) {
    if (!group) continue;
    const { container, scalars, columns } = group;
    const held = found.get(container) ?? { container, scalars: [], columns: [] };
    found.set(container, { container, scalars: [...held.scalars, ...scalars], columns: [...held.columns, ...columns] });
  }
  return [...found.values()];
}

/** The texts of one column, `group` being its group's number or null. */
export function cells(values, field, group) {
  const holder = group === null ? values : values.groups[container(field)][group];
  holder.columns[field.path] ??= [];
  return holder.columns[field.path];
}

const container = (field) => field.path.slice(0, field.path.indexOf("[]."));

/** Whether nothing at all has been typed. */
export function isBlank(values) {
  const empty = (holder) =>
    Object.values(holder.columns).every((column) => column.every((cell) => !cell)) &&
    Object.values(holder.scalars).every((text) => !text);
  return empty(values) && Object.values(values.groups).flat().every(empty);
}

/** Whether nothing has been typed in one section. */
export function isSectionBlank(values, { columns, scalars, group }) {
  const blankIn = (holder, part) =>
    part.columns.every((f) => !(holder.columns[f.path] ?? []).some(Boolean)) && part.scalars.every((f) => !holder.scalars[f.path]);
  const list = group ? values.groups[group.container] : [];
  return blankIn(values, { columns, scalars }) && list.every((held) => blankIn(held, group));
}

/**
 * The values without what follows the last row that is filled in all begun columns of a table, so
 * that the rows above can be judged while it is typed. Groups alone may differ in length.
 */
export function paired(variant, values) {
  const kept = structuredClone(values);
  for (const { columns, group } of sections(variant)) {
    const own = columns.map((field) => cells(kept, field, null));
    const lists = group ? kept.groups[group.container].flatMap((_, i) => group.columns.map((field) => cells(kept, field, i))) : [];
    const begun = [...own, ...lists].filter((texts) => texts.some((text) => text?.trim()));
    if (!own.length || begun.length < 2) continue;
    const last = begun[0].findLastIndex((_, r) => begun.every((texts) => texts[r]?.trim()));
    if (last >= 0) for (const texts of begun) texts.splice(last + 1);
  }
  return kept;
}

/** The request {text, notes}: JSON with every number as it was typed, and what is no number;
 * `rules` names those of a school. */
export function request(variant, values, rules = "") {
  const notes = [];
  const tree = variant.tag_field ? { [variant.tag_field]: JSON.stringify(variant.tag) } : {};
  for (const field of variant.fields) {
    if (field.path.includes("[].")) continue;
    put(tree, field.path, leaf(field, values, null, notes));
  }
  for (const group of groupsOf(variant)) put(tree, group.container, groupList(group, values, notes));
  for (const [name, text] of Object.entries(values.limits)) {
    if (text) put(tree, `instrument.${name}`, number(text, { path: `instrument.${name}` }, null, null, notes));
  }
  if (rules) tree.rules = JSON.stringify(rules);
  return { text: written(tree), notes };
}

function groupList(group, values, notes) {
  const list = values.groups[group.container].map((_, index) => {
    const tree = {};
    for (const field of [...group.scalars, ...group.columns]) {
      put(tree, field.path.slice(group.container.length + 3), leaf(field, values, index, notes));
    }
    return tree;
  });
  const last = list.findLastIndex((tree) => Object.keys(tree).length);
  return last < 0 ? undefined : list.slice(0, last + 1);
}

function leaf(field, values, group, notes) {
  if (isColumn(field)) return column(field, cells(values, field, group), group, notes);
  const holder = group === null ? values : values.groups[container(field)][group];
  const text = (holder.scalars[field.path] ?? "").trim();
  if (!text) return undefined;
  if (typeof field.default === "boolean") return text === "true" ? "true" : undefined;
  if (field.kind === "choice" || field.kind === "text") return JSON.stringify(text);
  if (field.kind === "column") return list(text, field, group, null, notes);
  return number(text, field, group, null, notes);
}

function column(field, texts, group, notes) {
  const last = texts.findLastIndex((text) => text.trim());
  if (last < 0) return undefined;
  const convert = field.kind === "repeats" ? list : number;
  const values = texts.slice(0, last + 1);
  return `[${Array.from(values, (text, i) => convert(text ?? "", field, group, i, notes)).join(",")}]`;
}

function list(text, field, group, index, notes) {
  const parts = text.split(/[\s,，、;；]+/).filter(Boolean);
  if (!parts.length) return number("", field, group, index, notes);
  return `[${parts.map((part) => number(part, field, group, index, notes)).join(",")}]`;
}

function number(text, field, group, index, notes) {
  const found = reading(text, field.unit);
  if (found !== null) return found;
  const message = text.trim() ? `“${text.trim().slice(0, 20)}”不是数字` : "这里空着";
  notes.push({ kind: "error", message, path: field.path, group, index });
  return "null";
}

function put(tree, path, value) {
  if (value === undefined) return;
  const parts = path.split(".");
  const last = parts.pop();
  let at = tree;
  for (const part of parts) at = at[part] ??= {};
  at[last] = value;
}

function written(tree) {
  if (typeof tree === "string") return tree;
  if (Array.isArray(tree)) return `[${tree.map(written).join(",")}]`;
  return `{${Object.entries(tree).map(([k, v]) => `${JSON.stringify(k)}:${written(v)}`).join(",")}}`;
}

/** The variant that a request belongs to. */
export function variantOf(form, readings) {
  const fits = (variant) => !variant.tag_field || readings[variant.tag_field] === variant.tag;
  return form.variants.find(fits) ?? form.variants[0];
}

/** Values of the form for a request whose numbers are still texts. */
export function fromReadings(variant, readings) {
  const values = blank(variant);
  for (const field of variant.fields) {
    if (!field.path.includes("[].")) take(values, field, at(readings, field.path));
  }
  for (const group of groupsOf(variant)) {
    const sent = at(readings, group.container) ?? [];
    values.groups[group.container] = sent.map((item) => {
      const held = blankGroup();
      for (const field of [...group.scalars, ...group.columns]) {
        take(held, field, at(item, field.path.slice(group.container.length + 3)));
      }
      return held;
    });
    if (!sent.length) values.groups[group.container] = [blankGroup()];
  }
  for (const [name, limit] of Object.entries(readings.instrument ?? {})) values.limits[name] = limit;
  return values;
}

function take(holder, field, sent) {
  if (sent === undefined || sent === null) return;
  const text = (value) => (Array.isArray(value) ? value.join(" ") : String(value));
  if (isColumn(field)) holder.columns[field.path] = sent.map(text);
  else holder.scalars[field.path] = text(sent);
}

function at(tree, path) {
  return path.split(".").reduce((value, part) => value?.[part], tree);
}
