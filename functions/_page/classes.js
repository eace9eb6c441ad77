// Classes: those that the student is in, with what was handed in; and those that a teacher has.

import { json, sentence } from "./api.js";
import { catalog } from "./catalog.js";
import { button, freshId, h, link } from "./dom.js";
import { announce, ask } from "./notice.js";

const WHEN = { dateStyle: "medium", timeStyle: "short" };

/** A time as people here write it, or "". */
export function when(text) {
  return text ? new Date(text).toLocaleString("zh-CN", WHEN) : "";
}

/** A field with its label. */
export function labelled(label, input) {
  input.id = freshId("field");
  return h("p", { class: "field" }, h("label", { for: input.id }, label), input);
}

/** Send, say what is wrong, or go on with what came back. */
export async function send(method, path, body, then) {
  try {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return then(await json(method, path, { body: text }));
  } catch (error) {
    return announce(sentence(error));
  }
}

/** The view of all the person's classes. */
export async function classesView() {
  const view = h("div", { class: "classes" });
  const draw = async () => {
    const { items, may_teach: mayTeach } = await json("GET", "/api/classes");
    const again = () => draw().catch((error) => announce(sentence(error)));
    const cards = items.map((one) => (one.teaching ? taught(one, again) : attended(one, again)));
    const none = h("p", { class: "hint" }, "还没有班级。向老师要班级码，在下面加入。");
    const own = mayTeach ? [creating(await catalog(), again)] : [];
    const shown = cards.length ? h("ul", { class: "class-list" }, cards) : none;
    view.replaceChildren(h("h1", {}, "班级"), shown, joining(again), ...own);
  };
  await draw();
  return view;
}

function attended(one, again) {
  const leave = async () => {
    if (!(await ask(`退出“${one.title}”？已经交给老师的仍留在老师那里。`, "退出"))) return;
    await send("DELETE", `/api/classes/${one.id}/me`, undefined, again);
  };
  return h(
    "li",
    { class: "card class" },
    h("h2", {}, one.title, one.closed ? h("span", { class: "tag" }, "已结束") : null),
    h("ul", { class: "items" }, one.items.map((item) => h("li", {}, itemLine(one, item, again)))),
    h("div", { class: "actions" }, button("退出班级", leave, { class: "small", "aria-label": `退出 ${one.title}` })),
  );
}

function itemLine(one, item, again) {
  const back = () => send("DELETE", `/api/classes/${one.id}/handed-in/${item.experiment}`, undefined, () => {
    announce("已撤回，老师看不到了。");
    again();
  });
  const address = item.run_id ? `#/lab/${item.experiment}/${item.run_id}` : `#/lab/${item.experiment}`;
  const state = item.handed_at ? `已交 ${when(item.handed_at)}` : "未交";
  return [
    h("p", {}, link(item.title, address), " ", h("span", { class: item.handed_at ? "agrees" : "hint" }, state)),
    item.due ? h("p", { class: "hint" }, `截止 ${when(item.due)}`) : null,
    item.mark || item.comment ? h("p", { class: "note quiet" }, `成绩 ${item.mark || "—"}`, item.comment ? `　${item.comment}` : "") : null,
    item.may_take_back ? button("撤回", back, { class: "small", "aria-label": `撤回 ${item.title}` }) : null,
  ];
}

function joining(again) {
  const code = h("input", { autocomplete: "off", maxlength: "20", required: true, spellcheck: "false" });
  const name = h("input", { autocomplete: "name", maxlength: "40", required: true });
  const number = h("input", { autocomplete: "off", maxlength: "40", required: true });
  const form = h(
    "form",
    { class: "card", "aria-label": "加入班级" },
    h("h2", {}, "加入班级"),
    labelled("班级码", code),
    labelled("姓名", name),
    labelled("学号", number),
    h("p", { class: "hint" }, "老师能看到姓名和学号，以及您点“交给老师”的实验；别的都看不到。"),
    button("加入", null, { type: "submit", class: "primary" }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const body = { code: code.value, name: name.value, number: number.value };
    send("POST", "/api/classes/join", body, (joined) => {
      announce(`已加入“${joined.title}”。`);
      again();
    });
  });
  return form;
}

function taught(one, again) {
  const code = one.code ? h("span", {}, "班级码 ", h("strong", { class: "code" }, one.code)) : "现在不能加入";
  const change = (method) => () => send(method, `/api/classes/${one.id}/code`, undefined, again);
  const close = () => send("PUT", `/api/classes/${one.id}`, { ...one, items: one.items.map(asked), closed: !one.closed }, again);
  const small = (label, act) => button(label, act, { class: "small", "aria-label": `${label} ${one.title}` });
  return h(
    "li",
    { class: "card class" },
    h("h2", {}, one.title, " ", h("span", { class: "tag" }, one.closed ? "已结束" : "我教的")),
    h("p", {}, code),
    h("p", { class: "hint" }, one.items.map((item) => item.title + (item.due ? `（截止 ${when(item.due)}）` : "")).join("、") || "还没有布置实验"),
    h(
      "div",
      { class: "actions" },
      link("查看全班", `#/class/${one.id}`, { class: "button small", "aria-label": `查看全班 ${one.title}` }),
      small(one.code ? "换一个班级码" : "生成班级码", change("POST")),
      one.code ? small("停用班级码", change("DELETE")) : null,
      small(one.closed ? "重新开放" : "结束", close),
    ),
  );
}

const asked = ({ experiment, due }) => ({ experiment, due });

function creating(experiments, again) {
  const title = h("input", { maxlength: "80", required: true, autocomplete: "off" });
  const which = h("select", {}, experiments.map((one) => h("option", { value: one.name }, one.title)));
  const due = h("input", { type: "datetime-local" });
  const list = h("ul", { class: "items" });
  const items = [];
  const draw = () => list.replaceChildren(...items.map((item, i) => h(
    "li",
    {},
    h("span", {}, item.title, item.due ? `（截止 ${when(item.due)}）` : ""),
    " ",
    button("去掉", () => (items.splice(i, 1), draw()), { class: "small", "aria-label": `去掉 ${item.title}` }),
  )));
  const add = () => {
    if (items.some(({ experiment }) => experiment === which.value)) return announce("这个实验已经在里面了。");
    const moment = due.value ? new Date(due.value).toISOString() : null;
    items.push({ experiment: which.value, title: which.selectedOptions[0].textContent, due: moment });
    return draw();
  };
  const form = h(
    "form",
    { class: "card", "aria-label": "建立班级" },
    h("h2", {}, "建立班级"),
    labelled("班级名称", title),
    labelled("实验", which),
    labelled("截止时间（可不填）", due),
    button("加上这个实验", add, { class: "small" }),
    list,
    button("建立", null, { type: "submit", class: "primary" }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send("POST", "/api/classes", { title: title.value, items: items.map(asked) }, (made) => {
      announce(`已建立，班级码 ${made.code}。`);
      again();
    });
  });
  return form;
}
