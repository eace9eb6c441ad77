// Where a message belongs: "groups[1].currents[3]：原因" names a field, a group and a reading.

const NAMED = /^([A-Za-z_][\w.[\]]*)：(.+)$/s;
const MISSING = /缺少必填字段 (\w+)/;

/** Field, group and index in a place such as `groups[1].currents[3]`. */
export function place(text, index = null) {
  const groups = /^([^[\]]+)\[(\d+)\]\.(.+)$/.exec(text);
  const rest = groups ? groups[3] : text;
  const [, stem, inner] = /^([^[]+)(?:\[(\d+)\])?/.exec(rest) ?? [null, rest, undefined];
  return {
    path: groups ? `${groups[1]}[].${stem}` : stem,
    group: groups ? Number(groups[2]) : null,
    index: inner === undefined ? index : Number(inner),
  };
}

/** A note {kind, message, path, group, index} for an error's sentence. */
export function fromDetail(detail) {
  const named = NAMED.exec(detail);
  const missing = MISSING.exec(detail);
  const at = missing ? [named?.[1], missing[1]].filter(Boolean).join(".") : named?.[1];
  const message = missing || !named ? detail : named[2];
  if (!at) return { kind: "error", message, path: "", group: null, index: null };
  return { kind: "error", message, ...place(at) };
}

/** A note for a warning of the bundle. */
export function fromWarning({ message, field, index }) {
  return { kind: "warning", message, ...place(field ?? "", index ?? null) };
}

const READING = /(?:([A-Za-z_]\w*)\[(\d+)\]\.)?([A-Za-z_]\w*)\[(\d+)\]/g;
const NAME = /[A-Za-z_]\w+/g;

/**
 * A sentence in the words of the tables: `qi[2]` is 第 3 行 with its symbol, and the name of a
 * field is its title and symbol. `away` from the table, the table is named too.
 */
export function spoken(sentence, variant, away = false) {
  const named = (name) => variant.fields.find((one) => one.name === name);
  const readings = sentence.replace(READING, (whole, _list, group, name, index) => {
    const field = named(name);
    if (!field) return whole;
    const outer = group === undefined ? "" : `第 ${Number(group) + 1} 组`;
    const row = `${outer}第 ${Number(index) + 1} 行`;
    const table = field.table ? `${field.table} ` : "";
    return away ? `${table}${row} ${field.title}` : `${row} ${field.symbol || field.title}`;
  });
  return readings.replace(NAME, (name) => {
    const field = named(name);
    return field && field.symbol !== name ? `${field.title} ${field.symbol ?? ""}`.trim() : name;
  });
}
