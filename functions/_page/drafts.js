// What was typed, kept on this device for each user and experiment until it is replaced.

import { debounced } from "./dom.js";
import { session } from "./session.js";
import { announce } from "./notice.js";

const pending = new Map();
let warned = false;

const key = (experiment) => `lab.draft.${session.owner}.${experiment}`;

/** The draft of an experiment, or null. */
export function load(experiment) {
  const name = key(experiment);
  if (pending.has(name)) return structuredClone(pending.get(name));
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

/** Keep a draft; written after a short pause in the typing, and before the page is left. */
export function save(experiment, draft) {
  pending.set(key(experiment), draft);
  write();
}

const write = debounced(() => {
  try {
    for (const [name, draft] of pending) localStorage.setItem(name, JSON.stringify(draft));
    pending.clear();
  } catch {
    if (!warned) announce("浏览器不让保存草稿（存储已满或处于无痕模式），请勿刷新页面。");
    warned = true;
  }
}, 150);

/** Write now what waits to be written. */
export function flush() {
  write.flush();
}

addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", flush);
