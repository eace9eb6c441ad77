// The client with stand-ins for wx, and by fetch against the server at $LAB_BASE.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { afterEach, test } from "node:test";

const { connect, LabError } = await import(process.env.LAB_CLIENT);
const { LAB_BASE, LAB_SAMPLE } = process.env;
const sample = JSON.parse(readFileSync(LAB_SAMPLE, "utf8"));
const PNG = "iVBORw0KGgo=";
const USER = { user_id: 1, openid: "o", role: "normal", created_at: "2026-01-01T00:00:00Z" };

afterEach(() => {
  delete globalThis.wx;
});

/** A WeChat whose backend is `answer(call)`: [status, body, header]. */
function wechat(answer) {
  const seen = { calls: [], codes: 0, files: {} };
  const reply = (call) => {
    seen.calls.push(call);
    const [statusCode, data, header = {}] = answer(call, seen.calls.length);
    return { statusCode, data, header };
  };
  globalThis.wx = {
    env: { USER_DATA_PATH: "wxfile://usr" },
    login: ({ success }) => success({ code: `code-${(seen.codes += 1)}` }),
    cloud: { callContainer: async (call) => reply(call) },
    request: (call) => {
      const given = reply({ ...call, path: call.url });
      if (given.statusCode) call.success(given);
      else call.fail(given.data);
    },
    getFileSystemManager: () => ({
      writeFile: ({ filePath, data, encoding, success }) => {
        seen.files[filePath] = { data, encoding };
        success();
      },
      readdirSync: () => Object.keys(seen.files).map((path) => path.split("/").pop()).concat("other.txt"),
      unlinkSync: (path) => delete seen.files[path],
    }),
  };
  return seen;
}

/** A backend that logs in, and runs an experiment in three looks. */
function backend({ images_data }) {
  let looks = 0;
  return ({ path, header }) => {
    if (path === "/api/auth/wechat") return [200, { token: "t1", user: USER }];
    if (header.authorization !== "Bearer t1") return [401, { detail: "请先登录" }];
    if (path.endsWith("/start")) return [200, JSON.stringify({ task_id: "r1", status: "pending", run_id: "r1" })];
    if (path === "/static/plots/1/millikan/r1-b.png") return [200, new ArrayBuffer(8)];
    looks += 1;
    if (looks < 3) return [200, { status: "pending" }];
    const images = ["/static/plots/1/millikan/r1-a.png", "/static/plots/1/millikan/r1-b.png"];
    return [200, { status: "completed", images, images_data, message: "已完成", run_id: "r1" }];
  };
}

test("callContainer: logs in, names the service, polls, saves data URIs and addresses", async () => {
  const images_data = [`data:image/png;base64,${PNG}`, "/static/plots/1/millikan/r1-b.png"];
  const seen = wechat(backend({ images_data }));
  const lab = connect({ env: "prod-1", service: "lab-physics-backend" });
  const times = [];
  const run = await lab.run("millikan", sample, { tell: (seconds) => times.push(seconds) });
  assert.equal(run.status, "completed");
  assert.deepEqual(await lab.save(run), ["wxfile://usr/lab-r1-0.png", "wxfile://usr/lab-r1-1.png"]);
  assert.deepEqual(seen.files["wxfile://usr/lab-r1-0.png"], { data: PNG, encoding: "base64" });
  assert.ok(seen.files["wxfile://usr/lab-r1-1.png"].data instanceof ArrayBuffer);
  assert.equal(seen.codes, 1);
  assert.equal(times.length, 3);
  for (const call of seen.calls) {
    assert.equal(call.header["X-WX-SERVICE"], "lab-physics-backend");
    assert.deepEqual(call.config, { env: "prod-1" });
    assert.ok(["GET", "POST", "PUT", "DELETE"].includes(call.method));
  }
  assert.equal(seen.calls.at(-1).responseType, "arraybuffer");
  const sent = JSON.parse(seen.calls[1].data);
  assert.deepEqual(sent, { ...sample, return_data_uri: true });
  assert.equal(lab.clear(), 2);
  assert.deepEqual(seen.files, {});
});

test("trusted headers: no login call at all", async () => {
  const seen = wechat(() => [200, USER]);
  await connect({ env: "e", service: "s", trusted: true }).me();
  assert.deepEqual(seen.calls.map((call) => call.path), ["/api/me"]);
});

test("one service for each function: the nearest route, and a run's status where it runs", async () => {
  const services = { "/api/plots/millikan": "lab-millikan", "/api/plots/millikan/start": "lab-millikan", "/": "lab-home", "*": "lab-rest" };
  const seen = wechat(backend({ images_data: null }));
  await connect({ env: "e", services }).run("millikan", sample);
  const asked = seen.calls.map((call) => [call.path, call.header["X-WX-SERVICE"]]);
  assert.deepEqual(asked.slice(0, 3), [
    ["/api/auth/wechat", "lab-rest"],
    ["/api/plots/millikan/start", "lab-millikan"],
    ["/api/plots/status/r1", "lab-millikan"],
  ]);
});

test("wx.request where no service is named", async () => {
  const base = "https://lab.example.com";
  const seen = wechat(({ path, header }) => {
    if (path === `${base}/api/auth/wechat`) return [200, '{"token":"t1","user":{}}'];
    return header.authorization === "Bearer t1" ? [200, '{"items":[],"next":null}'] : [401, '{"detail":"x"}'];
  });
  const page = await connect({ base }).runs({ experiment: "frank-hertz", before: undefined, limit: 5 });
  assert.deepEqual(page, { items: [], next: null });
  assert.equal(seen.calls.at(-1).path, `${base}/api/runs?experiment=frank-hertz&limit=5`);
});

test("a 401 logs in once more, once for all that wait, and no more than once", async () => {
  let valid = "t2";
  const seen = wechat(({ path, header }) => {
    if (path === "/api/auth/wechat") return [200, { token: "t2", user: USER }];
    return header.authorization === `Bearer ${valid}` ? [200, USER] : [401, { detail: "登录已失效，请重新登录" }];
  });
  const kept = [];
  const lab = connect({ service: "s", token: "old", keep: (token) => kept.push(token) });
  await Promise.all([lab.me(), lab.me(), lab.me()]);
  assert.equal(seen.codes, 1);
  assert.deepEqual(kept, ["t2"]);
  valid = "never";
  await assert.rejects(lab.me(), { status: 401, message: "登录已失效，请重新登录" });
  assert.equal(seen.codes, 2);
});

test("Retry-After is waited for, whatever the case of its name", async () => {
  let refusals = 1;
  const times = [];
  wechat(() => {
    times.push(Date.now());
    return refusals-- > 0 ? [429, { detail: "请求过多" }, { "retry-after": ["1"] }] : [200, USER];
  });
  await connect({ service: "s", trusted: true }).me();
  assert.equal(times.length, 2);
  assert.ok(times[1] - times[0] >= 990, `${times[1] - times[0]} ms`);
});

test("what cannot pass is not repeated, and its sentence is the error's message", async () => {
  const seen = wechat(() => [400, { detail: "qi 第 2 个数应为正数" }, { "X-Request-Id": "abc" }]);
  const lab = connect({ service: "s", trusted: true });
  await assert.rejects(lab.check("millikan", sample), (error) => {
    assert.ok(error instanceof LabError);
    assert.deepEqual([error.status, error.message, error.requestId], [400, "qi 第 2 个数应为正数", "abc"]);
    return true;
  });
  assert.equal(seen.calls.length, 1);
});

test("a failed run is thrown with its message", async () => {
  wechat(({ path }) => [200, path.endsWith("/start") ? { task_id: "r" } : { status: "failed", message: "读数太少" }]);
  await assert.rejects(connect({ service: "s", trusted: true }).run("thermal", {}), { status: 400, message: "读数太少" });
});

test("the platform's own failures are sentences", async () => {
  const cases = [
    [{ errCode: -606002, errMsg: "cloud.callContainer:fail" }, 413, 1],
    [{ errMsg: "cloud.callContainer:fail -606001" }, 413, 1],
    [{ errCode: 102002, errMsg: "timeout" }, 0, 5],
  ];
  for (const [thrown, status, times] of cases) {
    let count = 0;
    wechat(() => [200, USER]);
    wx.cloud.callContainer = async () => {
      count += 1;
      throw thrown;
    };
    await assert.rejects(connect({ service: "s", trusted: true }).me(), (error) => {
      assert.equal(error.status, status);
      assert.match(error.message, /^[\u4e00-\u9fff].*[\u4e00-\u9fff 0-9KB]$/);
      return true;
    });
    assert.equal(count, times);
  }
});

test("a body over 100 KiB is not sent, counted in bytes", async () => {
  const seen = wechat(() => [200, {}]);
  const lab = connect({ service: "s", trusted: true });
  await assert.rejects(lab.check("fit", { note: "实".repeat(35000) }), { status: 413 });
  assert.equal(seen.calls.length, 0);
  await lab.check("fit", { note: "x".repeat(35000) });
  assert.equal(seen.calls.length, 1);
});

test("fetch against a started server: run, history, delete, export of the same numbers", async () => {
  const lab = connect({ base: LAB_BASE, code: async () => "client-by-fetch" });
  const { code, expires_in: seconds } = await lab.loginCode();
  assert.match(code, /^[0-9]{6}$/);
  assert.equal(seconds, 180);
  const { items } = await lab.experiments();
  assert.ok(items.some((item) => item.name === "millikan"));
  const run = await lab.run("millikan", sample);
  assert.equal(run.status, "completed");
  assert.ok(run.results.length > 0);
  const [first] = await lab.save(run);
  assert.match(first, /^data:image\/png;base64,iVBORw0KGgo/);
  const findings = await lab.check("/api/plots/millikan", sample);
  assert.deepEqual(findings.results, run.results);
  const plain = await lab.readRun(run.run_id);
  assert.deepEqual(plain.images, run.images);
  const { items: listed } = await lab.runs({ limit: 1 });
  assert.equal(listed[0].id, run.run_id);
  assert.deepEqual(await lab.deleteRun(run.run_id), { id: run.run_id, deleted: true });
  await assert.rejects(lab.readRun(run.run_id), { status: 404 });
});

test("fetch: a token that the server does not know is replaced", async () => {
  const lab = connect({ base: LAB_BASE, token: "forged", code: async () => "again" });
  assert.equal((await lab.me()).openid, "mock_again");
});

test("fetch: nobody there", async () => {
  const lab = connect({ base: "http://127.0.0.1:9", trusted: true, fetch: () => Promise.reject(new TypeError("x")) });
  await assert.rejects(lab.me(), { status: 0, message: "网络不通，请检查网络后重试" });
});
