// A class as its teacher sees it: who has handed in what, one work with its readings, and its mark.

import { blob, json, sentence } from "./api.js";
import { labelled, send, when } from "./classes.js";
import { button, h, link, lowered } from "./dom.js";
import { announce, ask } from "./notice.js";

/** The table of a class, or one work of it. */
export async function classView(id, [first, workId]) {
  return first === "received" ? workView(id, workId) : tableView(id);
}

async function tableView(id) {
  const book = await json("GET", `/api/teaching/${id}/table`);
  const handed = new Map(book.received.map((one) => [`${one.user_id} ${one.experiment}`, one]));
  const head = h("tr", {}, ["学号", "姓名", ...book.experiments.map((one) => one.title), ""].map((text) => h("th", { scope: "col" }, text)));
  const rows = book.students.map((student) => h(
    "tr",
    {},
    h("td", {}, student.number),
    h("th", { scope: "row" }, student.name),
    book.experiments.map((one) => h("td", {}, cell(id, handed.get(`${student.user_id} ${one.experiment}`)))),
    h("td", {}, button("移出", () => remove(id, student), { class: "small", "aria-label": `移出 ${student.name}` })),
  ));
  const students = new Set(book.students.map((student) => student.user_id));
  const columns = new Set(book.experiments.map((one) => one.experiment));
  const others = book.received.filter((one) => !students.has(one.user_id) || !columns.has(one.experiment));
  return h(
    "div",
    { class: "classes" },
    h("h1", {}, book.title),
    h("p", { class: "hint" }, `${book.students.length} 人，交来 ${book.received.length} 份。只有同学自己交的才会出现在这里。`),
    h("div", { class: "actions" }, link("全部班级", "#/classes", { class: "button small" }), file(id, "xlsx", "成绩单（Excel）"), file(id, "csv", "成绩单（CSV）")),
    rows.length ? h("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": "全班" }, h("table", { class: "gradebook" }, h("thead", {}, head), h("tbody", {}, rows))) : h("p", { class: "hint" }, "还没有人加入。"),
    book.received.length > 1 ? likenesses(id, book.received) : null,
    others.length ? h("section", {}, h("h2", {}, "已不在班里的同学，或已不布置的实验"), h("ul", { class: "items" }, others.map((one) => h("li", {}, `${one.number} ${one.name} `, cell(id, one))))) : null,
  );
}

/** Pairs of works with the same readings, looked for on demand: a hint, never a verdict. */
function likenesses(id, received) {
  const names = new Map(received.map((one) => [one.id, `${one.number} ${one.name}`]));
  const place = h("div", {});
  const one = (work) => link(names.get(work) ?? "已撤回的一份", `#/class/${id}/received/${work}`);
  const look = () => send("GET", `/api/teaching/${id}/alike`, undefined, ({ items }) => {
    const lines = items.map((pair) => h("li", {}, one(pair.first), " 与 ", one(pair.second), `：${pair.title}，`, lowered(pair.column), ` ${pair.rows} 行中 ${pair.agreeing} 行相同`, pair.factor === 1 ? "" : `（差一个常数 ${Number(pair.factor.toPrecision(4))}）`));
    const none = h("p", { class: "hint" }, "没有发现超出偶然的相同。");
    place.replaceChildren(lines.length ? h("ul", { class: "items" }, lines) : none);
  });
  return h("section", {}, h("h2", {}, "读数相同的"), h("p", { class: "hint" }, "仅供参考：同组同学共用数据时也会相同，请先问一问。"), button("查找", look, { class: "small", "aria-label": "查找读数相同的" }), place);
}

function cell(id, one) {
  if (!one) return h("span", { class: "hint" }, "未交");
  const signs = [
    one.mark ? h("span", { class: "tag" }, one.mark) : null,
    one.late ? h("span", { class: "differs" }, "迟交") : null,
    one.warnings.length ? h("span", { class: "hint" }, `${one.warnings.length} 条提示`) : null,
    one.quantities.some((quantity) => quantity.deviates) ? h("span", { class: "differs" }, "偏离参考值") : null,
  ];
  const shown = one.quantities[0]?.display ?? "查看";
  const address = `#/class/${id}/received/${one.id}`;
  return [link(lowered(shown), address, { "aria-label": `${one.name} ${shown}` }), " ", signs.filter(Boolean).flatMap((sign) => [sign, " "])];
}

async function remove(id, student) {
  if (!(await ask(`把 ${student.name} 移出班级？交来的仍会保留。`, "移出"))) return;
  await send("DELETE", `/api/teaching/${id}/members/${student.user_id}`, undefined, () => dispatchEvent(new Event("hashchange")));
}

function file(id, kind, label) {
  return button(label, () => take(`/api/teaching/${id}/table.${kind}`, `成绩单.${kind}`), { class: "small" });
}

async function take(path, name) {
  try {
    const address = URL.createObjectURL(await blob(path));
    h("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  } catch (error) {
    announce(sentence(error));
  }
}

async function workView(id, workId) {
  const path = `/api/teaching/${id}/received/${workId}`;
  const { received: one, readings } = await json("GET", path);
  const mark = h("input", { maxlength: "16", autocomplete: "off", value: one.mark });
  const comment = h("textarea", { maxlength: "2000", rows: "3" }, one.comment);
  const form = h(
    "form",
    { class: "card", "aria-label": "批改" },
    labelled("成绩", mark),
    labelled("评语（同学能看到）", comment),
    button("保存", null, { type: "submit", class: "primary" }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send("PUT", `${path}/mark`, { mark: mark.value, comment: comment.value }, () => announce("已保存，同学可以看到。"));
  });
  return h(
    "div",
    { class: "classes" },
    h("h1", {}, `${one.number} ${one.name}`),
    h("p", { class: "hint" }, `交于 ${when(one.handed_at)}`, one.late ? "，迟交" : ""),
    h("div", { class: "actions" }, link("回到全班", `#/class/${id}`, { class: "button small" }), button("报告（PDF）", () => take(`${path}/report.pdf`, `${one.number}-${one.name}.pdf`), { class: "small" })),
    h("ul", { class: "items" }, one.quantities.map((quantity) => h("li", { class: quantity.deviates ? "differs" : "" }, lowered(quantity.display)))),
    one.warnings.length ? h("section", { class: "cautions", "aria-label": "提示" }, h("h2", {}, `${one.warnings.length} 条提示`), h("ul", {}, one.warnings.map((text) => h("li", {}, lowered(text))))) : null,
    h("details", { class: "more" }, h("summary", {}, "读数"), h("dl", { class: "readings" }, lines(readings))),
    form,
  );
}

/** The readings as they were typed, a line each. */
function lines(readings) {
  return Object.entries(readings).map(([name, value]) => [h("dt", {}, lowered(name)), h("dd", {}, Array.isArray(value) && value.every((item) => typeof item !== "object") ? value.join("　") : JSON.stringify(value))]);
}
