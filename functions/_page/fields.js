// Single values of a form: numbers, choices, texts, lists, flags, and instrument limits.

import { freshId, h, isPhrase, lowered, symbol } from "./dom.js";

const LONG = 100;

/** A labelled control for one field; `held` is the object whose `held[key]` it edits. */
export function control(field, held, key, changed) {
  const id = freshId("field");
  const set = (text) => {
    held[key] = text;
    changed();
  };
  const value = held[key] ?? "";
  let input;
  if (typeof field.default === "boolean") {
    const checked = (value || String(field.default)) === "true";
    input = h("input", { type: "checkbox", id, checked, onchange: () => set(String(input.checked)) });
  } else if (field.choices?.length) {
    const chosen = value || field.default || "";
    const titles = field.choice_titles ?? [];
    const options = field.choices.map((c, i) => h("option", { value: c, selected: c === chosen }, titles[i] ?? c));
    const none = field.default ? [] : [h("option", { value: "" }, "（未选）")];
    input = h("select", { id, onchange: () => set(input.value) }, none, options);
  } else {
    input = h("input", { id, value, autocomplete: "off", spellcheck: "false", ...kind(field), oninput: () => set(input.value) });
  }
  input.dataset.cell = key;
  const note = h("p", { class: "note", hidden: true, id: `${id}-note` });
  const said = field.unit && isPhrase(field.unit);
  const unit = field.unit && field.unit !== "1" && !said ? h("span", { class: "unit" }, field.unit) : null;
  const element = h(
    "div",
    { class: `field ${input.type === "checkbox" ? "flag" : ""} ${field.kind === "text" && field.max_length >= LONG ? "long" : ""}`.trim() },
    h("label", { for: id }, field.title, field.symbol ? [" ", symbol(field.symbol)] : null, said ? `（${field.unit}）` : null),
    h("div", { class: "entry" }, input, unit),
    note,
  );
  return { element, input, note, path: field.path };
}

function kind(field) {
  const text = field.kind === "text";
  const given = Array.isArray(field.default) ? field.default.join(" ") : field.default;
  return {
    type: "text",
    inputmode: text || field.kind === "column" ? "text" : field.integer ? "numeric" : "decimal",
    maxlength: text ? field.max_length : null,
    placeholder: given === undefined || given === null || given === "" ? " " : `${given}`,
  };
}

/** Show a note at a control. */
export function markControl({ input, note }, { kind: severity, message }) {
  note.replaceChildren(...lowered(message));
  note.className = `note ${severity}`;
  note.hidden = false;
  input.classList.add(severity);
  input.setAttribute("aria-describedby", note.id);
  if (severity === "error") input.setAttribute("aria-invalid", "true");
}

/** Take a control's note away. */
export function clearControl({ input, note }) {
  note.hidden = true;
  input.classList.remove("error", "warning");
  input.removeAttribute("aria-describedby");
  input.removeAttribute("aria-invalid");
}
