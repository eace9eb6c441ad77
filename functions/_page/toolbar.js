// The row of buttons under a table of readings.

import { button, h } from "./dom.js";

/** Buttons for `sheet`; `follow(row)` tells them where the cursor is. */
export function toolbar(sheet) {
  const keep = (event) => event.preventDefault();
  const quiet = { class: "small", onpointerdown: keep };
  const remove = button("－ 删除第 1 行", () => sheet.removeRow(sheet.row), quiet);
  const signed = sheet.columns.some(({ field }) => (field.minimum ?? -1) < 0 && field.exclusive_minimum === undefined);
  const element = h(
    "div",
    { class: "toolbar", role: "group", "aria-label": "读数表的操作" },
    button("＋ 加一行", () => sheet.addRow(), quiet),
    remove,
    signed ? button("± 变号", () => sheet.turnSign(), { ...quiet, class: "small sign" }) : null,
    h("span", { class: "hint" }, "可从表格软件整块粘贴"),
  );
  return {
    element,
    follow(row) {
      remove.textContent = `－ 删除第 ${row + 1} 行`;
    },
  };
}
