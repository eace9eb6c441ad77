// Handing a run in to the teacher of a class that has its experiment.

import { json, sentence } from "./api.js";
import { button, h } from "./dom.js";
import { announce, ask } from "./notice.js";

/** What stands under a result: a button for each class that has this experiment; empty for none. */
export function handingView(experiment, run) {
  const place = h("div", { class: "handing" });
  const id = run.run_id ?? run.id;
  if (id) fill(place, experiment, id).catch(() => place.replaceChildren());
  return place;
}

async function fill(place, experiment, id) {
  const { items } = await json("GET", "/api/classes");
  const fitting = items.filter((one) => !one.teaching && !one.closed && stateOf(one, experiment));
  const buttons = fitting.map((one) => {
    const handed = stateOf(one, experiment).run_id === id;
    const label = handed ? `已交给“${one.title}”的老师` : `交给“${one.title}”的老师`;
    return button(label, () => hand(place, experiment, id, one), { class: "small", disabled: handed });
  });
  place.replaceChildren(...(buttons.length ? [h("div", { class: "actions" }, buttons)] : []));
}

const stateOf = (one, experiment) => one.items.find((item) => item.experiment === experiment.name);

async function hand(place, experiment, id, one) {
  const before = stateOf(one, experiment).handed_at ? "会换掉上次交的。" : "";
  const question = `把这次的读数和结果交给“${one.title}”的老师？${before}截止前、批改前可以撤回。`;
  if (!(await ask(question, "交给老师"))) return;
  try {
    await json("POST", `/api/classes/${one.id}/handed-in`, { body: JSON.stringify({ run_id: id }) });
    announce("已交给老师，可以在“班级”里撤回。");
    await fill(place, experiment, id);
  } catch (error) {
    announce(sentence(error));
  }
}
