// Submitting readings and waiting for the result, however bad the network is.

import { Refusal, isPassing, json, sentence } from "./api.js";

const PAUSES = [0.15, 0.25, 0.4, 0.8, 1.5, 2.5, 4];

/**
 * Submit `body` to an experiment's route and wait for its end.
 *
 * `tell(text, again)` says what is going on; `again` is null, or tries at once. Gives the finished
 * run; throws Refusal where it cannot be, AbortError where `signal` ended it.
 */
export async function submit(route, body, tell, signal) {
  tell("正在提交…", null);
  const started = await persist(() => json("POST", `${route}/start`, { body, signal }), tell, signal);
  return finish(started.task_id, tell, signal);
}

/** Wait for the end of a run that was accepted. */
export async function finish(id, tell, signal) {
  const began = Date.now();
  for (let look = 0; ; look += 1) {
    const run = await persist(() => json("GET", `/api/plots/status/${id}`, { signal }), tell, signal);
    if (run.status === "completed") return { ...run, id };
    if (run.status === "failed") throw new Refusal(400, run.message, 0, "");
    const seconds = Math.round((Date.now() - began) / 1000);
    tell(seconds > 2 ? `正在计算… ${seconds} 秒` : "正在计算…", null);
    await pause(PAUSES[Math.min(look, PAUSES.length - 1)], signal);
  }
}

/** Call until it is answered, waiting longer each time; only what may pass is called again. */
export async function persist(action, tell, signal) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const wait = error.retryAfter || PAUSES[Math.min(attempt + 3, PAUSES.length - 1)];
      const left = new AbortController();
      tell(`${sentence(error)}${Math.ceil(wait)} 秒后自动重试（第 ${attempt + 1} 次）。`, () => left.abort());
      await pause(wait, signal, left.signal);
    }
  }
}

/** Wait; sooner where the network comes back or `skip` says so. */
function pause(seconds, signal, skip) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      if (signal?.aborted) reject(new DOMException("left", "AbortError"));
      else resolve();
    };
    const timer = setTimeout(end, seconds * 1000);
    addEventListener("online", end);
    signal?.addEventListener("abort", end);
    skip?.addEventListener("abort", end);
    if (signal?.aborted) end();
  });
}
