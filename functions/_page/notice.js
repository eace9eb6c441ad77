// Short messages at the foot of the page, and questions that wait for an answer.

import { button, h } from "./dom.js";

const SHOWN = 4000;
const SHOWN_WITH_ACTION = 12000;
let timer = 0;

/** Show a sentence, with one action where there is a way on ({label, act}). */
export function announce(text, action = null) {
  const place = document.getElementById("notice");
  clearTimeout(timer);
  const close = () => place.replaceChildren();
  const act = action && button(action.label, () => (close(), action.act()), { class: "text" });
  const done = button("✕", close, { class: "text", "aria-label": "关闭提示" });
  place.replaceChildren(h("div", { class: "notice" }, h("p", {}, text), act, done));
  timer = setTimeout(close, action ? SHOWN_WITH_ACTION : SHOWN);
}

/** Ask before something is lost; true where the student agrees. */
export function ask(question, agree) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "question", "aria-label": question });
    const answer = (value) => () => dialog.close(value);
    dialog.append(
      h("p", {}, question),
      h("div", { class: "actions" }, button("取消", answer("")), button(agree, answer("yes"), { class: "danger" })),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
