// The experiments as the bundle declares them, fetched once, and their cards.

import { call } from "./api.js";
import { h, link, symbol } from "./dom.js";
import { load } from "./drafts.js";
import { isBlank } from "./model.js";
import { parseKeepingNumbers } from "./numbers.js";

let fetched = null;

/** All experiments; samples keep their numbers as they stand in the file. */
export async function catalog() {
  fetched ??= fetchAll().catch((error) => {
    fetched = null;
    throw error;
  });
  return fetched;
}

async function fetchAll() {
  const { text } = await call("GET", "/api/experiments");
  const exact = parseKeepingNumbers(text).items;
  return JSON.parse(text).items.map((form, i) => ({
    ...form,
    samples: Object.values(exact[i].samples ?? { sample: exact[i].sample }),
  }));
}

/** The view with one card an experiment. */
export async function catalogView() {
  const forms = await catalog();
  const cards = forms.map((form) => h("li", {}, card(form)));
  return h("div", {}, h("h1", {}, "选择实验"), h("ul", { class: "cards" }, cards));
}

function card(form) {
  const columns = form.variants.flatMap(({ fields }) => fields).filter(({ kind }) => kind === "column" || kind === "repeats");
  const shown = [...new Set(columns.map((field) => field.symbol).filter(Boolean))].slice(0, 5);
  const draft = load(form.name);
  const begun = draft && Object.values(draft.parts).some((values) => !isBlank(values));
  return link(
    [
      h("span", { class: "card-title" }, form.title),
      h("span", { class: "card-symbols", "aria-hidden": "true" }, shown.map((text) => symbol(text))),
      begun ? h("span", { class: "badge" }, "有草稿") : null,
    ],
    `#/lab/${form.name}`,
    { class: "card link" },
  );
}
