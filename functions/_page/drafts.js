// What was typed, kept on this device for each user and experiment until it is replaced.

import { debounced } from "./dom.js";
import { session } from "./session.js";
import { announce } from "./notice.js";

const pending = new Map();
let warned = false;

const key = (experiment) => `lab.draft.${session.owner}.${experiment}`;

/** Stamps of the drafts as this page has read or written them. */
const seen = new Map();
const OTHERS = ".other";

/** The draft of an experiment, or null. */
export function load(experiment) {
  const name = key(experiment);
  if (pending.has(name)) return structuredClone(pending.get(name));
  const kept = read(name);
  seen.set(name, kept?.stamp);
  return kept;
}

/** What another page had written of an experiment when this one wrote over it, or null. */
export function others(experiment) {
  return read(key(experiment) + OTHERS);
}

function read(name) {
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
    for (const [name, draft] of pending) put(name, draft);
    pending.clear();
  } catch {
    if (!warned) announce("浏览器不让保存草稿（存储已满或处于无痕模式），请勿刷新页面。");
    warned = true;
  }
}, 150);

/** Write a draft; what another page has written meanwhile is kept beside it, and said. */
function put(name, draft) {
  const there = read(name);
  const strange = there && there.stamp !== seen.get(name);
  if (strange && JSON.stringify(there.parts) !== JSON.stringify(draft.parts)) {
    localStorage.setItem(name + OTHERS, JSON.stringify(there));
    dispatchEvent(new CustomEvent("draft-of-another-page", { detail: name }));
  }
  const stamp = `${Date.now()}-${Math.random()}`;
  localStorage.setItem(name, JSON.stringify({ ...draft, stamp }));
  seen.set(name, stamp);
}

/** Whether an event of another page's writing is about this experiment. */
export function isAbout(event, experiment) {
  return event.detail === key(experiment);
}

/** Write now what waits to be written. */
export function flush() {
  write.flush();
}

addEventListener("pagehide", flush);
document.addEventListener("visibilitychange", flush);
