// Logging in: any name in development; by WeChat alone in production, which the page says.

import { json, sentence } from "./api.js";
import { button, h } from "./dom.js";
import { loginKind, session } from "./session.js";

/** The view that stands where somebody must be known. */
export function loginView() {
  const reason = session.expired ? h("p", { class: "note warning" }, "登录已过期，请重新登录。已填的读数都还在。") : null;
  const body = loginKind === "mock" ? mock() : wechatOnly();
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
  const note = h("p", { class: "note error", role: "alert", hidden: true });
  const enter = button("进入", null, { type: "submit", class: "primary" });
  const form = h(
    "form",
    {},
    h("label", { for: "name" }, "名字"),
    name,
    enter,
    note,
    h("p", { class: "hint" }, "开发模式：任意英文名字都可以登录，同一个名字看到同一份记录。"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    enter.disabled = true;
    login(name.value.trim()).catch((error) => {
      note.textContent = sentence(error);
      note.hidden = false;
      enter.disabled = false;
    });
  });
  return form;
}

/** A code of the characters that a simulated login takes; other letters by their code points. */
function codeOf(name) {
  return Array.from(name, (c) => (/[A-Za-z0-9.-]/.test(c) ? c : `_${c.codePointAt(0).toString(16)}`)).join("");
}

async function login(name) {
  const { token, user } = await json("POST", "/api/auth/wechat", { body: JSON.stringify({ code: codeOf(name) }) });
  session.begin(token, { ...user, name });
}
