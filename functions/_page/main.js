// Addresses of the page (#/…), what each shows, and the header's links.

import { isPassing, sentence } from "./api.js";
import { catalogView, experimentNamed } from "./catalog.js";
import { classesView } from "./classes.js";
import { button, h, link } from "./dom.js";
import { historyView } from "./history.js";
import { Lab } from "./lab.js";
import { loginView } from "./login.js";
import { session } from "./session.js";
import { classView } from "./teaching.js";

const main = document.getElementById("main");
let lab = null;
let turn = 0;

/** Show what the address asks for. */
async function show() {
  const mine = ++turn;
  const [where = "", name = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/");
  const sameLab = lab && where === "lab" && lab.experiment.name === name && session.token;
  if (sameLab) return openRun(rest);
  lab?.leave();
  lab = null;
  header(where);
  try {
    const view = session.token ? await viewOf(where, name, rest) : loginView();
    if (mine !== turn) return undefined;
    put(view instanceof Lab ? view.element : view);
    if (view instanceof Lab) {
      lab = view;
      await openRun(rest, true);
    }
  } catch (error) {
    if (mine === turn) put(trouble(error));
  }
  return undefined;
}

function openRun([first, second], fresh = false) {
  if (fresh && !first) return undefined;
  return first === "from" ? lab.open(second, true) : lab.open(first, false);
}

async function viewOf(where, name, rest) {
  if (where === "history") return historyView(name);
  if (where === "classes") return classesView();
  if (where === "class") return classView(name, rest);
  if (where === "lab") {
    const experiment = await experimentNamed(name);
    if (experiment) return new Lab(experiment);
  }
  return catalogView();
}

function put(view) {
  main.replaceChildren(view);
  const title = view.querySelector("h1");
  document.title = title ? `${title.textContent} · 物理实验数据处理` : "物理实验数据处理";
  title?.setAttribute("tabindex", "-1");
  title?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function trouble(error) {
  const again = button("重试", show, { class: "primary" });
  if (isPassing(error)) addEventListener("online", show, { once: true });
  return h("section", { class: "card login" }, h("h1", {}, "没有载入"), h("p", { role: "alert" }, sentence(error)), again);
}

function header(where) {
  const here = (target) => (where === target ? { "aria-current": "page" } : {});
  const nav = document.getElementById("nav");
  if (!session.token) return nav.replaceChildren();
  const name = session.user.name ?? session.user.openid;
  const leave = button("退出", () => session.end(), { class: "text" });
  return nav.replaceChildren(
    link("实验", "#/", here("")),
    link("我的记录", "#/history", here("history")),
    link("班级", "#/classes", here("classes")),
    h("span", { class: "who" }, name),
    leave,
  );
}

addEventListener("hashchange", show);
addEventListener("storage", (event) => event.key === "lab.session" && location.reload());
session.addEventListener("change", show);
document.getElementById("to-main").addEventListener("click", (event) => {
  event.preventDefault();
  main.querySelector("h1")?.focus();
});
show();
