// Elements made in code. Every text becomes a text node, so nothing a server sends is ever markup.

/** An element: h("p", {class: "quiet", onclick: f}, "text", child, [more, children]). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined));
  return element;
}

/** A push button. */
export function button(label, onclick, attributes = {}) {
  return h("button", { type: "button", onclick, ...attributes }, label);
}

/** A link that looks like a button or a text, by its class. */
export function link(label, href, attributes = {}) {
  return h("a", { href, ...attributes }, label);
}

let issued = 0;

/** An id that is used once in this document. */
export function freshId(prefix) {
  issued += 1;
  return `${prefix}-${issued}`;
}

/** U_oc with its index lowered; the underscore stays in the text for whoever copies it. */
export function lowered(text) {
  const index = (part) => h("sub", {}, h("span", { class: "under" }, "_"), part);
  return text.split(/_([A-Za-z0-9]+)/).map((part, i) => (i % 2 ? index(part) : part));
}

/** Whether a unit is no unit but words: “该量的单位”. */
export function isPhrase(unit) {
  return /[一-鿿]/.test(unit);
}

/** A symbol as a typeset quantity. */
export function symbol(text) {
  return h("var", {}, lowered(text));
}

/** Call `action` when nothing has called for `milliseconds`; `.flush()` calls it at once. */
export function debounced(action, milliseconds) {
  let timer = 0;
  const run = () => {
    clearTimeout(timer);
    timer = 0;
    action();
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  };
  later.flush = () => timer && run();
  later.cancel = () => clearTimeout(timer);
  return later;
}
