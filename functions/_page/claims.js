// One's own numbers beside those of a run: each right, or what was probably done.

import { json, sentence } from "./api.js";
import { button, freshId, h, symbol } from "./dom.js";
import { announce } from "./notice.js";

const KINDS = { mean: "平均值", s: "标准偏差 s", u_A: "u_A", u_B: "u_B", u: "不确定度 u", value: "结果", U: "扩展不确定度 U", line: "结果表示" };

/** A fold with a field for all that may be worked out by hand; asked for when it is opened. */
export function claimsView(run) {
  const id = run.run_id ?? run.id;
  if (!id) return null;
  const place = h("div", {}, h("p", { class: "hint" }, "正在载入…"));
  const fold = h("details", { class: "steps more claims" }, h("summary", {}, "核对自己算的"), place);
  const open = () => ask(id, []).then(({ claimable }) => fill(place, id, claimable)).catch((error) => {
    fold.addEventListener("toggle", open, { once: true });
    place.replaceChildren(h("p", { class: "note error" }, sentence(error)));
  });
  fold.addEventListener("toggle", open, { once: true });
  return fold;
}

function ask(id, claims) {
  return json("POST", "/api/check-report", { body: JSON.stringify({ run_id: id, claims }) });
}

function fill(place, id, claimable) {
  const fields = claimable.flatMap((one) => one.kinds.map((kind) => field(one, kind)));
  const groups = claimable.map((one) => h(
    "fieldset",
    {},
    h("legend", {}, one.title, " ", symbol(one.symbol), one.unit && one.unit !== "1" ? `（${one.unit}）` : ""),
    fields.filter(({ of }) => of === one).map(({ element }) => element),
  ));
  const press = button("核对", () => judge(id, fields, press), { class: "primary" });
  const hint = h("p", { class: "hint" }, "把自己算的填在后面，没算的空着。结果表示写成 (9.82 ± 0.21) m/s² 的样子。");
  place.replaceChildren(hint, ...groups, h("p", {}, press));
}

function field(of, kind) {
  const input = h("input", { id: freshId("claim"), maxlength: "80", autocomplete: "off" });
  const note = h("span", { role: "status" });
  const element = h("p", { class: "claim" }, h("label", { for: input.id }, KINDS[kind]), input, note);
  return { of, kind, input, note, element };
}

async function judge(id, fields, press) {
  const given = fields.filter(({ input }) => input.value.trim());
  if (!given.length) return announce("还没有填。");
  press.disabled = true;
  try {
    const claims = given.map(({ of, kind, input }) => ({ of: of.of, kind, text: input.value.trim() }));
    const { verdicts } = await ask(id, claims);
    fields.forEach(({ note }) => note.replaceChildren());
    verdicts.forEach((verdict, i) => say(given[i], verdict));
  } catch (error) {
    announce(sentence(error));
  } finally {
    press.disabled = false;
  }
  return undefined;
}

function say({ note, input }, verdict) {
  input.setAttribute("aria-invalid", String(!verdict.right));
  const mark = h("span", { class: verdict.right ? "agrees" : "differs" }, verdict.right ? "对" : "不对");
  const rest = verdict.right ? "" : ` ${verdict.message}（应为 ${verdict.expected}）`;
  note.replaceChildren(mark, rest);
}
