// The rules of a school: chosen once, kept on this device, sent with every request.

import { json } from "./api.js";
import { h } from "./dom.js";

const KEPT = "lab.rules";
const DEFAULT = "gum";
const DOUBTS = { "from reports": "据学生报告", unconfirmed: "未经学校证实" };

let fetched = null;

async function known() {
  fetched ??= json("GET", "/api/rules").then(({ items }) => items).catch(() => {
    fetched = null;
    return [];
  });
  return fetched;
}

/** A select of rules; `changed` is called when the student takes another. */
export class RuleChoice {
  constructor(changed) {
    this.value = localStorage.getItem(KEPT) ?? DEFAULT;
    this.select = h("select", { id: "rules" });
    this.note = h("span", { class: "hint" });
    this.element = h("p", { class: "rules", hidden: true }, h("label", { for: "rules" }, "评定规则"), this.select, this.note);
    this.select.addEventListener("change", () => {
      this.value = this.select.value;
      localStorage.setItem(KEPT, this.value);
      this.#tell();
      changed();
    });
    this.#fill();
  }

  /** What goes into a request: nothing for the rule that holds anyway. */
  get name() {
    return this.value === DEFAULT ? "" : this.value;
  }

  /** Show the rule of a run that is opened, without keeping it for others. */
  show(name) {
    this.value = name || DEFAULT;
    this.#mark();
  }

  async #fill() {
    this.items = await known();
    if (!this.items.length) return;
    this.select.replaceChildren(...this.items.map(({ name, title }) => h("option", { value: name }, title)));
    this.element.hidden = false;
    this.#mark();
  }

  #mark() {
    if (!this.items?.some(({ name }) => name === this.value)) return;
    this.select.value = this.value;
    this.#tell();
  }

  #tell() {
    const own = this.items.find(({ name }) => name === this.value);
    this.note.textContent = own ? (DOUBTS[own.status] ?? "") : "";
  }
}
