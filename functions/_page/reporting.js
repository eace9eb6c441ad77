// The report of a run: the title block typed once, kept on this device, and the file in one press.

import { blob, sentence } from "./api.js";
import { button, h } from "./dom.js";
import { announce } from "./notice.js";

const KEPT = "lab.report";
const FIELDS = { student: "姓名", number: "学号", group: "班级", partner: "同组", date: "日期", conditions: "室温等" };
const FORMATS = { pdf: "PDF", docx: "Word", "tex.zip": "LaTeX", html: "网页" };

/** Fields of the title block, and a button for each format. */
export function reportView(experiment, run) {
  const id = run.run_id ?? run.id;
  if (!id) return null;
  const kept = stored();
  const inputs = Object.entries(FIELDS).map(([name, label]) => {
    const input = h("input", { id: `report-${name}`, maxlength: "40", autocomplete: "off", value: kept[name] ?? "" });
    input.addEventListener("input", () => localStorage.setItem(KEPT, JSON.stringify({ ...stored(), [name]: input.value })));
    return h("p", { class: "field" }, h("label", { for: input.id }, label), input);
  });
  const whole = h("input", { type: "checkbox", id: "report-whole", checked: true });
  const buttons = Object.entries(FORMATS).map(([format, label]) => {
    const press = button(label, () => save(experiment, id, format, whole.checked, press), { class: "small" });
    return press;
  });
  return h(
    "details",
    { class: "steps more report" },
    h("summary", {}, "实验报告"),
    h("p", { class: "hint" }, "题头可以不填；填过的只留在这台设备上。"),
    h("div", { class: "report-fields" }, inputs),
    h("p", {}, whole, " ", h("label", { for: "report-whole" }, "留出目的、原理、讨论等自己写的标题")),
    h("div", { class: "actions" }, buttons),
  );
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  } catch {
    return {};
  }
}

async function save(experiment, id, format, whole, press) {
  const given = Object.entries(stored()).filter(([name, text]) => name in FIELDS && text.trim());
  const query = new URLSearchParams([...given, ["whole", String(whole)]]);
  press.disabled = true;
  try {
    const made = await blob(`/api/runs/${id}/report.${format}?${query}`);
    const address = URL.createObjectURL(made);
    h("a", { href: address, download: `${experiment.title}-实验报告.${format}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  } catch (error) {
    announce(sentence(error));
  } finally {
    press.disabled = false;
  }
}
