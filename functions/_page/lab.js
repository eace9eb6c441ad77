// One experiment: its form, the quick check, submitting, and the result beside it.

import { Refusal, call, sentence } from "./api.js";
import { QuickCheck } from "./check.js";
import { button, h, link } from "./dom.js";
import * as drafts from "./drafts.js";
import { Form } from "./form.js";
import { blank, fromReadings, isBlank, paired, request, variantOf } from "./model.js";
import { announce } from "./notice.js";
import { parseKeepingNumbers } from "./numbers.js";
import { fromRefusal, fromWarning } from "./places.js";
import { previewView, resultView } from "./result.js";
import { RuleChoice } from "./rules.js";
import { finish, persist, submit } from "./running.js";
import { RunBar } from "./runbar.js";
import { session } from "./session.js";

const FEW = 2;

export class Lab {
  #leaving = new AbortController();
  #run = null;

  constructor(experiment) {
    this.experiment = experiment;
    this.draft = this.#restored();
    this.outcome = h("div", { class: "outcome" });
    this.slot = h("div", { class: "form-slot" });
    this.bar = new RunBar(() => this.submit());
    this.check = new QuickCheck(experiment.route, () => this.#pairs(), (found) => this.#checked(found));
    this.otherPage = (event) => drafts.isAbout(event, experiment.name) && this.#beside();
    addEventListener("draft-of-another-page", this.otherPage);
    this.rules = new RuleChoice(() => this.#edited());
    this.tabs = h("div", { class: "tabs", role: "group", "aria-label": "实验内容" });
    this.element = h(
      "div",
      { class: "lab" },
      h("header", { class: "lab-head" }, h("h1", {}, experiment.title), this.tabs, this.#tools(), this.rules.element),
      h("div", { class: "lab-form" }, this.slot, this.bar.element),
      h("section", { class: "lab-result", "aria-label": "结果" }, this.outcome),
    );
    this.#build();
    this.#preview([]);
  }

  get variant() {
    return this.experiment.variants.find(({ tag }) => tag === this.draft.tag) ?? this.experiment.variants[0];
  }

  get values() {
    return (this.draft.parts[this.variant.tag] ??= blank(this.variant));
  }

  #restored() {
    const kept = drafts.load(this.experiment.name);
    return kept?.parts ? kept : { tag: this.experiment.variants[0].tag, parts: {}, submitted: "" };
  }

  #tools() {
    const samples = this.experiment.samples;
    const fill = (label, sample) => button(label, () => this.#fill(sample, "已填入示例。"), { class: "small" });
    this.samples = h("span", { class: "samples" });
    this.renderSamples = () => {
      const own = samples.filter((sample) => variantOf(this.experiment, sample) === this.variant);
      const buttons = own.map((sample, i) => fill(i ? `示例 ${i + 1}` : "填入示例", sample));
      this.samples.replaceChildren(...(own.length > FEW ? [buttons[0], this.#others(own)] : buttons));
    };
    return h(
      "div",
      { class: "actions" },
      this.samples,
      button("清空", () => this.#clear(), { class: "small" }),
      link("记录", `#/history/${this.experiment.name}`, { class: "button small", "aria-label": "这个实验的记录" }),
    );
  }

  /** A choice of the samples after the first, by their own titles where they have one. */
  #others(samples) {
    const options = samples.slice(1).map((sample, i) => h("option", { value: i + 1 }, sample.title || `示例 ${i + 2}`));
    const choice = h("select", { class: "small", "aria-label": "其他示例" }, h("option", { value: "" }, "其他示例"), options);
    choice.addEventListener("change", () => this.#fill(samples[choice.value], "已填入示例。"));
    return choice;
  }

  #build() {
    const { variants } = this.experiment;
    if (variants.length > 1) {
      this.tabs.replaceChildren(...variants.map((one) =>
        button(one.title || one.tag, () => this.#choose(one.tag), { "aria-pressed": String(one === this.variant) }),
      ));
    }
    this.renderSamples();
    this.form = new Form(this.variant, this.values, () => this.#edited());
    this.slot.replaceChildren(this.form.element);
    if (!isBlank(this.values)) this.check.touch();
  }

  #choose(tag) {
    this.draft.tag = tag;
    this.#keep();
    this.#build();
  }

  /** Another page has typed here too: nothing of it is lost. */
  #beside() {
    const other = drafts.others(this.experiment.name);
    if (!other) return;
    const act = () => this.#restore({ tag: other.tag, parts: other.parts, submitted: other.submitted });
    announce("另一个页面也填了这个实验，那边的读数已另存。", { label: "换成那边的", act });
  }

  #keep() {
    drafts.save(this.experiment.name, this.draft);
  }

  #edited() {
    this.#keep();
    this.bar.idle();
    if (this.shown) this.outcome.classList.toggle("stale", this.shown !== this.#request()?.text);
    this.check.touch();
  }

  #request() {
    return isBlank(this.values) ? null : request(this.variant, this.values, this.rules.name);
  }

  /** What can be judged already. */
  #pairs() {
    return isBlank(this.values) ? null : request(this.variant, paired(this.variant, this.values), this.rules.name);
  }

  /** Put readings into the form; what stood there comes back with one tap. */
  #fill(readings, said) {
    const before = structuredClone(this.draft);
    const hadWork = !isBlank(this.values);
    this.draft.tag = variantOf(this.experiment, readings).tag;
    this.draft.parts[this.draft.tag] = fromReadings(this.variant, readings);
    this.#keep();
    this.#build();
    this.#edited();
    if (said && hadWork) announce(said, { label: "撤销", act: () => this.#restore(before) });
  }

  #restore(before) {
    this.draft = before;
    this.#keep();
    this.#build();
    this.#edited();
  }

  #clear() {
    const before = structuredClone(this.draft);
    this.draft.parts[this.variant.tag] = blank(this.variant);
    this.#keep();
    this.#build();
    this.#edited();
    announce("已清空。", { label: "撤销", act: () => this.#restore(before) });
  }

  #checked({ notes, answer, refusal, away }) {
    if (this.#run) return;
    if (notes) this.form.show(notes);
    if (notes) this.bar.say(notes.length ? `${notes.length} 处还不能计算` : "", notes.length ? "error" : "");
    if (away) this.bar.say("现在连不上服务器，读数已保存，可以继续填写。", "quiet");
    if (answer) {
      this.form.show(answer.warnings.map(fromWarning));
      this.bar.checked(answer, () => this.form.goToNote());
      if (!this.shown) this.#preview(answer.results);
    }
    if (refusal) this.#refused(refusal, true);
  }

  /** An error at its place; while typing, one that names no reading is only said. */
  #refused(refusal, typing) {
    const note = fromRefusal(refusal);
    const early = typing && note.index === null;
    this.form.show(early ? [] : [note]);
    this.bar.say(refusal.message, early ? "quiet" : "error");
    if (!early && !typing) this.form.goToNote();
    if (typing && !this.shown) this.#preview([]);
  }

  #preview(results) {
    const head = h("h2", {}, results.length ? "即时结果" : "结果");
    const hint = h("p", { class: "hint" }, results.length ? "随读数更新；点“计算”得到图与完整的不确定度。" : "填好读数后点“计算”，结果、提示与图显示在这里。");
    this.outcome.classList.remove("stale");
    this.outcome.replaceChildren(head, hint, previewView(results));
  }

  /** Send the readings and show what comes back. */
  async submit() {
    const asked = this.#request();
    if (!asked) return this.bar.say("还没有读数。可以先点“填入示例”看一看。", "error");
    this.form.show(asked.notes);
    if (asked.notes.length) {
      this.bar.say(asked.notes[0].message, "error");
      return this.form.goToNote();
    }
    this.draft.submitted = asked.text;
    this.#keep();
    return this.#follow(async (tell, signal) => {
      const run = await submit(this.experiment.route, asked.text, tell, signal);
      this.#finished(run, asked.text);
      const address = `#/lab/${this.experiment.name}/${run.id}`;
      if (location.hash !== address) location.hash = address;
    });
  }

  /** Do something that waits for the bundle, with its progress in the bar. */
  async #follow(action) {
    this.check.stop();
    this.#run?.abort();
    const own = new AbortController();
    this.#run = own;
    this.#leaving.signal.addEventListener("abort", () => own.abort());
    try {
      await action((text, again) => this.bar.busy(text, again, () => own.abort()), own.signal);
      this.bar.idle();
    } catch (error) {
      if (error.name === "AbortError") this.bar.idle();
      else if (error instanceof Refusal && error.status === 400) this.#failed(error);
      else this.bar.say(sentence(error), "error");
    } finally {
      if (this.#run === own) this.#run = null;
    }
  }

  /** Refused readings; a run that failed later says no place, which the check then finds. */
  #failed(refusal) {
    this.#refused(refusal, false);
    if (!refusal.field) this.check.touch();
  }

  #finished(run, text) {
    this.shown = text;
    this.last = { ...run, text };
    this.outcome.classList.remove("stale");
    const stale = h("p", { class: "stale-note" }, "读数已经改动，下面是改动前的结果。");
    this.outcome.replaceChildren(h("h2", {}, "结果"), stale, resultView(this.experiment, this.variant, run, (warning) => this.form.goTo(fromWarning(warning))));
    this.form.show((run.warnings ?? []).map(fromWarning));
    this.bar.checked(run, () => this.form.goToNote());
    if (matchMedia("(max-width: 60rem)").matches) this.outcome.scrollIntoView();
  }

  /** Show the run of that id, or none; `base` takes its readings for new ones. */
  async open(id, base) {
    if (!id) {
      this.shown = "";
      this.#preview([]);
      return this.check.touch();
    }
    if (!base && this.last?.id === id) return this.#finished(this.last, this.last.text);
    return this.#follow(async (tell, signal) => {
      tell("正在取回这次的结果…", null);
      const got = await persist(() => call("GET", `/api/runs/${id}`, { signal }), tell, signal);
      const readings = parseKeepingNumbers(got.text).readings;
      const variant = variantOf(this.experiment, readings);
      const rule = typeof readings.rules === "string" ? readings.rules : "";
      const text = request(variant, fromReadings(variant, readings), rule).text;
      this.#offer(readings, text, base, rule);
      if (base) return history.replaceState(null, "", `#/lab/${this.experiment.name}`);
      let run = JSON.parse(got.text);
      if (run.status === "failed") throw new Refusal(400, run.message, 0, "");
      if (run.status !== "completed") run = await finish(id, tell, signal);
      this.#finished(run, text);
      this.#mismatch(readings, text);
    });
  }

  /** Fill the form where nothing is lost by it. */
  #offer(readings, text, base, rule) {
    const now = this.#request()?.text ?? "";
    if (now === text) return;
    if (base || !now || now === this.draft.submitted) this.rules.show(rule);
    if (base) this.#fill(readings, "已填入这次的读数，可以修改后再计算。");
    else if (!now || now === this.draft.submitted) this.#fill(readings, "");
    this.check.stop();
  }

  #mismatch(readings, text) {
    if ((this.#request()?.text ?? "") === text) return;
    this.form.clearNotes();
    const fill = button("填入这次的读数", () => {
      this.#fill(readings, "已填入这次的读数。");
      note.remove();
    }, { class: "small" });
    const note = h("p", { class: "note quiet" }, "表格里是另一组还没有计算的读数。", fill);
    this.outcome.firstChild.after(note);
  }

  /** The view is left. */
  leave() {
    removeEventListener("draft-of-another-page", this.otherPage);
    if (this.#run && session.token) announce("计算在后台继续，结果会留在“我的记录”里。");
    this.check.stop();
    this.#leaving.abort();
    drafts.flush();
  }
}
