// The experiments as the bundle declares them: the list fetched once, each form when it is opened.

import { call, json } from "./api.js";
import { h, link, symbol } from "./dom.js";
import { load } from "./drafts.js";
import { isBlank } from "./model.js";
import { parseKeepingNumbers } from "./numbers.js";

const RECENT = "lab.recent";
const MOST_RECENT = 4;
const forms = new Map();
let listed = null;

/** All experiments: name, title, chapter, words to search by. */
export async function catalog() {
  listed ??= json("GET", "/api/experiments").then(({ items }) => items).catch((error) => {
    listed = null;
    throw error;
  });
  return listed;
}

/** One experiment with its form, or null; samples keep their numbers as they stand in the file. */
export async function experimentNamed(name) {
  if (!(await catalog()).some((one) => one.name === name)) return null;
  if (!forms.has(name)) {
    const { text } = await call("GET", `/api/experiments/${name}`);
    const exact = parseKeepingNumbers(text);
    forms.set(name, { ...JSON.parse(text), samples: Object.values(exact.samples ?? { sample: exact.sample }) });
  }
  remember(name);
  return forms.get(name);
}

function recent() {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]");
  } catch {
    return [];
  }
}

function remember(name) {
  const names = [name, ...recent().filter((one) => one !== name)].slice(0, MOST_RECENT);
  localStorage.setItem(RECENT, JSON.stringify(names));
}

/** The view: what was used lately, a field to search by, and a card an experiment by chapter. */
export async function catalogView() {
  const items = await catalog();
  const chapters = h("div", {});
  const search = h("input", { type: "search", id: "search", autocomplete: "off", placeholder: "名称、拼音首字母或符号" });
  const draw = () => chapters.replaceChildren(...sections(items, search.value));
  search.addEventListener("input", draw);
  draw();
  return h("div", {}, h("h1", {}, "选择实验"), h("p", { class: "search" }, h("label", { for: "search" }, "查找"), search), chapters);
}

function sections(items, asked) {
  const wanted = asked.trim().toLowerCase();
  const kept = wanted ? items.filter((one) => matches(one, wanted)) : items;
  if (!kept.length) return [h("p", { class: "hint" }, "没有找到，请换一个词。")];
  const lately = wanted ? [] : recent().map((name) => items.find((one) => one.name === name)).filter(Boolean);
  const parts = lately.length ? [section("最近", lately)] : [];
  for (const chapter of new Set(kept.map((one) => one.chapter))) {
    parts.push(section(chapter, kept.filter((one) => one.chapter === chapter)));
  }
  return parts;
}

function matches(one, wanted) {
  const words = [one.title, one.name, one.initials, ...one.keywords, ...one.symbols];
  return words.some((word) => word.toLowerCase().includes(wanted));
}

function section(title, items) {
  const cards = items.map((one) => h("li", {}, card(one)));
  return h("section", { class: "chapter", "aria-label": title }, h("h2", {}, title), h("ul", { class: "cards" }, cards));
}

function card(one) {
  const draft = load(one.name);
  const begun = draft && Object.values(draft.parts).some((values) => !isBlank(values));
  return link(
    [
      h("span", { class: "card-title" }, one.title),
      h("span", { class: "card-symbols", "aria-hidden": "true" }, one.symbols.map((text) => symbol(text))),
      begun ? h("span", { class: "badge" }, "有草稿") : null,
    ],
    `#/lab/${one.name}`,
    { class: "card link" },
  );
}
