// Where a message belongs: a field `groups[1].currents` and an index name a cell of a table.

/** Field, group and index of a place that an answer of the bundle carries. */
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

/** A note {kind, message, path, group, index} for a refusal. */
export function fromRefusal({ message, field, index }) {
  if (!field) return { kind: "error", message, path: "", group: null, index: null };
  return { kind: "error", message, ...place(field, index ?? null) };
}

/** A note for a warning of the bundle. */
export function fromWarning({ message, field, index }) {
  return { kind: "warning", message, ...place(field ?? "", index ?? null) };
}
