// Copying. The old way first: it works without HTTPS, as in a laboratory's own network.

import { announce } from "./notice.js";

/** Copy plain text. */
export function copyText(text) {
  put({ "text/plain": text });
}

/** Copy a table element as HTML, with plain text for what takes no HTML. */
export function copyTable(table, text) {
  put({ "text/html": table.outerHTML, "text/plain": text });
}

function put(formats) {
  let done = false;
  const fill = (event) => {
    for (const [type, content] of Object.entries(formats)) event.clipboardData.setData(type, content);
    event.preventDefault();
    done = true;
  };
  document.addEventListener("copy", fill);
  document.execCommand("copy");
  document.removeEventListener("copy", fill);
  if (done) announce("已复制，可以粘贴到报告里。");
  else modern(formats);
}

async function modern(formats) {
  try {
    const parts = Object.entries(formats).map(([type, content]) => [type, new Blob([content], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(parts))]);
    announce("已复制，可以粘贴到报告里。");
  } catch {
    announce("浏览器不允许复制，请选中结果后手动复制。");
  }
}
