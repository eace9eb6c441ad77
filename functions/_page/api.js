// Calls to the bundle, and a sentence with a way on for everything that can go wrong with one.

import { session } from "./session.js";

const PATIENCE = 20000;

/** The bundle said no: status, its own sentence with its place, seconds to wait where it gave them. */
export class Refusal extends Error {
  constructor(status, detail, retryAfter, requestId, { field = "", index = null } = {}) {
    super(detail);
    this.status = status;
    this.field = field;
    this.index = index;
    this.retryAfter = retryAfter;
    this.requestId = requestId;
  }
}

/** No answer came: no network, or too slow. */
export class Unreachable extends Error {}

/** The response to a call. Throws Refusal or Unreachable, or AbortError where `signal` ended it. */
export async function call(method, path, { body, signal } = {}) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), PATIENCE);
  const leave = () => limit.abort();
  signal?.addEventListener("abort", leave);
  try {
    const response = await fetch(path, { method, body, headers: headers(body), signal: limit.signal });
    if (!response.ok) throw await refusal(response);
    return { response, text: await response.text() };
  } catch (error) {
    if (signal?.aborted) throw new DOMException("left", "AbortError");
    if (error instanceof Refusal) {
      if (error.status === 401 && session.token) session.expire();
      throw error;
    }
    throw new Unreachable(String(error));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}

/** The JSON that a call answers. */
export async function json(method, path, options) {
  const { text } = await call(method, path, options);
  return JSON.parse(text);
}

/** A file that a call answers. */
export async function blob(path) {
  const response = await fetch(path, { headers: headers() }).catch((error) => {
    throw new Unreachable(String(error));
  });
  if (!response.ok) throw await refusal(response);
  return response.blob();
}

function headers(body) {
  const given = body === undefined ? {} : { "content-type": "application/json" };
  return session.token ? { ...given, authorization: `Bearer ${session.token}` } : given;
}

async function refusal(response) {
  const text = await response.text().catch(() => "");
  let said = {};
  try {
    said = JSON.parse(text);
  } catch {
    // A gateway's own page: its status says enough.
  }
  const wait = Number(response.headers.get("retry-after")) || 0;
  const id = response.headers.get("x-request-id") ?? "";
  const detail = typeof said?.detail === "string" ? said.detail : "";
  return new Refusal(response.status, detail, wait, id, said ?? {});
}

/** Whether the same call may succeed in a while. */
export function isPassing(error) {
  return error instanceof Unreachable || [429, 502, 503, 504].includes(error.status);
}

/** What to tell the student. */
export function sentence(error) {
  if (error instanceof Unreachable) {
    return navigator.onLine
      ? "连不上服务器，可能是网络太慢。已填的读数都保存在这台设备上。"
      : "网络已断开。已填的读数都保存在这台设备上，联网后继续。";
  }
  const own = error.message;
  switch (error.status) {
    case 401:
      return "登录已过期，请重新登录。已填的读数都还在。";
    case 403:
      return own || "没有权限。";
    case 404:
      return own || "没有找到，可能已被删除。";
    case 413:
      return own || "读数太多，超过了一次能提交的大小。";
    case 429:
      return own || "提交得太频繁，请稍等片刻。";
    case 502:
    case 503:
    case 504:
      return own || "服务暂时不可用，请稍后再试。";
  }
  if (error.status >= 500) {
    return `${own || "服务器内部错误"}${error.requestId ? `（编号 ${error.requestId}）` : ""}`;
  }
  return own || "请求没有成功。";
}
