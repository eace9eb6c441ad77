// Logging in: any name in development; in production by a code from the mini-program where codes
// are allowed, else by WeChat alone, which the page says.

import { json, sentence } from "./api.js";
import { button, h } from "./dom.js";
import { loginKind, session } from "./session.js";

/** The view that stands where somebody must be known. */
export function loginView() {
  const reason = session.expired ? h("p", { class: "note warning" }, "登录已过期，请重新登录。已填的读数都还在。") : null;
  const body = { mock, code: byCode }[loginKind]?.() ?? wechatOnly();
  return h("section", { class: "login card" }, h("h1", {}, "物理实验数据处理"), reason, body);
}

function wechatOnly() {
  return [
    h("p", {}, "请在微信小程序中登录使用。"),
    h("p", { class: "hint" }, "这里只接受微信登录；小程序中的记录与这里是同一份。"),
  ];
}

function mock() {
  const name = h("input", { id: "name", name: "name", autocomplete: "username", maxlength: "40", required: true });
  const hint = "开发模式：任意英文名字都可以登录，同一个名字看到同一份记录。";
  return door("名字", name, hint, () => login(name.value.trim()));
}

function byCode() {
  const code = h("input", {
    id: "code",
    name: "code",
    autocomplete: "one-time-code",
    inputmode: "numeric",
    pattern: "[0-9 ]*",
    maxlength: "13",
    required: true,
  });
  const hint = "在小程序里点“在电脑上登录”得到登录数字，三分钟内有效，只能用一次。";
  const kept = "记录与小程序中的是同一份。用公共电脑的，离开前请退出登录。";
  return door("登录数字", code, [hint, h("br"), kept], () => loginByCode(code.value.replace(/\s/g, "")));
}

/** A form with one field; `enter` logs in, and what it throws is said below. */
function door(title, field, hint, enter) {
  const note = h("p", { class: "note error", role: "alert", hidden: true });
  const press = button("进入", null, { type: "submit", class: "primary" });
  const label = h("label", { for: field.id }, title);
  const form = h("form", {}, label, field, press, note, h("p", { class: "hint" }, ...[hint].flat()));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    press.disabled = true;
    enter().catch((error) => {
      // The sentence of a refused code, not that of a session that is over.
      note.textContent = error.status === 401 ? error.message : sentence(error);
      note.hidden = false;
      press.disabled = false;
    });
  });
  return form;
}

async function loginByCode(code) {
  const { token, user } = await json("POST", "/api/auth/browser", { body: JSON.stringify({ code }) });
  session.begin(token, user);
}

/** A code of the characters that a simulated login takes; other letters by their code points. */
function codeOf(name) {
  return Array.from(name, (c) => (/[A-Za-z0-9.-]/.test(c) ? c : `_${c.codePointAt(0).toString(16)}`)).join("");
}

async function login(name) {
  const { token, user } = await json("POST", "/api/auth/wechat", { body: JSON.stringify({ code: codeOf(name) }) });
  session.begin(token, { ...user, name });
}
