// Own runs: open again, take as a base for new readings, delete, export.

import { blob, json, sentence } from "./api.js";
import { catalog } from "./catalog.js";
import { button, h, link } from "./dom.js";
import { announce, ask } from "./notice.js";

const STATES = { completed: "完成", failed: "未成功", pending: "计算中", running: "计算中" };
const PAGE = 20;

/** The view of all runs, or those of one experiment. */
export async function historyView(experiment) {
  const forms = await catalog();
  const titles = Object.fromEntries(forms.map((form) => [form.name, form.title]));
  const list = h("ul", { class: "runs" });
  const more = button("更早的记录", () => next().catch((error) => announce(sentence(error))), { hidden: true });
  const empty = h("p", { class: "hint", hidden: true }, "还没有记录。做完一次计算，结果就会留在这里。");
  let before = "";

  async function next() {
    const query = new URLSearchParams({ limit: String(PAGE) });
    if (experiment) query.set("experiment", experiment);
    if (before) query.set("before", before);
    const page = await json("GET", `/api/runs?${query}`);
    list.append(...page.items.map((run) => row(run, titles)));
    before = page.next;
    more.hidden = !page.next;
    empty.hidden = list.children.length > 0;
  }

  await next();
  return h("div", {}, h("h1", {}, "我的记录"), filter(forms, experiment), list, empty, more);
}

function filter(forms, experiment) {
  const options = forms.map((form) => h("option", { value: form.name, selected: form.name === experiment }, form.title));
  const select = h("select", { id: "which" }, h("option", { value: "" }, "全部实验"), options);
  select.addEventListener("change", () => {
    location.hash = select.value ? `#/history/${select.value}` : "#/history";
  });
  return h("p", { class: "filter" }, h("label", { for: "which" }, "实验"), select);
}

function row(run, titles) {
  const when = new Date(run.created_at).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" });
  const state = STATES[run.status] ?? run.status;
  const title = titles[run.experiment] ?? run.experiment;
  const name = `${title} ${when}`;
  const item = h(
    "li",
    { class: "card run" },
    run.images?.length ? h("img", { src: run.images[0], alt: "", loading: "lazy" }) : h("span", { class: "no-image" }),
    h(
      "div",
      {},
      h("p", { class: "run-title" }, link(title, `#/lab/${run.experiment}/${run.id}`, { "aria-label": `打开 ${name}` })),
      h("p", { class: "hint" }, when, "　", h("span", { class: `state ${run.status}` }, state)),
      run.status === "failed" ? h("p", { class: "note error" }, run.message) : null,
    ),
    h("div", { class: "actions" }, actions(run, name, () => item.remove())),
  );
  return item;
}

function actions(run, name, removed) {
  return [
    link("以此为底稿", `#/lab/${run.experiment}/from/${run.id}`, { class: "button small", "aria-label": `以此为底稿 ${name}` }),
    button("导出 CSV", () => exportCsv(run), { class: "small", "aria-label": `导出 CSV ${name}` }),
    button("删除", () => remove(run, removed), { class: "small", "aria-label": `删除 ${name}` }),
  ];
}

async function remove(run, removed) {
  if (!(await ask("删除这条记录？它的读数、结果和图都会删除，不能恢复。", "删除"))) return;
  try {
    await json("DELETE", `/api/runs/${run.id}`);
  } catch (error) {
    if (error.status !== 404) return announce(sentence(error));
  }
  removed();
  return announce("已删除。");
}

async function exportCsv(run) {
  try {
    const address = URL.createObjectURL(await blob(`/api/runs/${run.id}/data.csv`));
    link("", address, { download: `${run.experiment}-${run.created_at.slice(0, 10)}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  } catch (error) {
    announce(sentence(error));
  }
}
