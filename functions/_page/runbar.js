// The bar that stays in view: the button that computes, and one line on how things stand.

import { button, h, lowered } from "./dom.js";

export class RunBar {
  #busy = false;

  constructor(submit) {
    this.go = button("计算", () => this.#busy || submit(), { class: "primary" });
    this.line = h("p", { class: "line", role: "status" });
    this.ways = h("span", { class: "actions" });
    this.element = h("div", { class: "runbar" }, this.line, this.ways, this.go);
  }

  /** Nothing is going on. */
  idle() {
    this.say("", "");
  }

  /** One sentence, `kind` being error, warning, quiet or "". */
  say(text, kind, ways = []) {
    this.line.replaceChildren(...lowered(text));
    this.line.className = `line ${kind}`;
    this.ways.replaceChildren(...ways);
    this.#work(false);
  }

  /** The button stays in the order of the Tab key while it does nothing: the cursor is often there. */
  #work(busy) {
    this.#busy = busy;
    this.go.setAttribute("aria-disabled", busy);
    this.element.classList.toggle("busy", busy);
  }

  /** Something is going on; it can be given up, and tried again at once where `again` is given. */
  busy(text, again, cancel) {
    const ways = [button("取消", cancel, { class: "small" })];
    if (again) ways.unshift(button("立即重试", again, { class: "small" }));
    this.say(text, again ? "warning" : "quiet", ways);
    this.#work(true);
  }

  /** What a check or a run found. */
  checked({ warnings, results }, look) {
    const first = results[0]?.display.split(" (k")[0] ?? "";
    if (!warnings.length) return this.say(first, "good");
    return this.say(first, "warning", [button(`${warnings.length} 条提示`, look, { class: "small warn" })]);
  }
}
