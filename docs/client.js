/**
 * Client of the physics laboratory's backend: one module, nothing else needed.
 *
 *     import { connect } from "./client.js";
 *     const lab = connect({ env: "prod-1a2b3c", service: "lab-physics-backend" });
 *     const outcome = await lab.run("millikan", { ni: [2, 3], qi: [3.21, 4.83] });
 *     const paths = await lab.save(outcome);
 *
 * It calls through `wx.cloud.callContainer` where a service is named, through `wx.request` elsewhere
 * in WeChat, and through `fetch` in browsers and Node.  It logs in when it must (once more after a
 * 401), waits as long as `Retry-After` says, and polls until a run is completed or failed.
 *
 * @module
 */

// <types>
/**
 * A user as the deployed client reads it.
 *
 * @typedef {object} User
 * @property {number} user_id
 * @property {string} openid
 * @property {string} role
 * @property {string} created_at
 */
/**
 * Every experiment that is mounted, chapter by chapter.
 *
 * @typedef {object} Experiments
 * @property {Array<ExperimentLine>} items
 */
/**
 * Answer of ``/start``: poll ``/api/plots/status/{task_id}``.
 *
 * @typedef {object} Started
 * @property {string} task_id
 * @property {string} status
 * @property {string} run_id
 * @property {Array<Caution>} warnings
 */
/**
 * Answer of the status route, as the deployed client reads it.
 *
 * @typedef {object} RunStatus
 * @property {string} status
 * @property {Array<string>} images
 * @property {Array<string>|null} images_data
 * @property {string} message
 * @property {string} run_id
 * @property {Array<Measurand>} results
 * @property {Array<Fit>} fits
 * @property {Array<Caution>} warnings
 * @property {AppliedRules} [rules]
 */
/**
 * The part of a result that goes on the wire and into the run's row.
 *
 * @typedef {object} Findings
 * @property {Array<Measurand>} results
 * @property {Array<Fit>} fits
 * @property {Array<Caution>} warnings
 * @property {AppliedRules} [rules]
 */
/**
 * A page, newest first; ``next`` goes into ``before`` for the following one.
 *
 * @typedef {object} RunList
 * @property {Array<RunLine>} items
 * @property {string|null} next
 */
/**
 * A run with its readings, each number as it was typed.
 *
 * @typedef {object} RunDetail
 * @property {string} id
 * @property {string} experiment
 * @property {string} status
 * @property {string} message
 * @property {*} readings
 * @property {Array<Measurand>} results
 * @property {Array<Fit>} fits
 * @property {Array<Caution>} warnings
 * @property {Array<string>} images
 * @property {string} analysis
 * @property {string} created_at
 * @property {string|null} finished_at
 * @property {AppliedRules} [rules]
 */
/**
 * What was deleted.
 *
 * @typedef {object} Deleted
 * @property {string} id
 * @property {boolean} deleted
 */
/**
 * An experiment as a client sees it.
 *
 * @typedef {object} ExperimentForm
 * @property {string} name
 * @property {string} title
 * @property {string} route
 * @property {Array<FormField>} fields
 * @property {Array<FormVariant>} variants
 * @property {*} sample
 * @property {Object<string, *>} samples
 * @property {Object<string, *>} schema
 */
/**
 * Readings and steps in the order of a report.
 *
 * @typedef {object} Worked
 * @property {Array<WorkedTable>} readings
 * @property {Array<WorkedSection>} sections
 */
/**
 * Digits to be typed into the page, and for how many seconds they hold.
 *
 * @typedef {object} LoginCode
 * @property {string} code
 * @property {number} expires_in
 */
/**
 * An experiment in the list.
 *
 * @typedef {object} ExperimentLine
 * @property {string} name
 * @property {string} title
 * @property {string} route
 * @property {string} chapter
 * @property {Array<string>} keywords
 * @property {string} initials
 * @property {Array<string>} symbols
 */
/**
 * A warning to the student: names the reading and what to look at; never changes a reading.
 *
 * @typedef {object} Caution
 * @property {string} code
 * @property {string} message
 * @property {string} [field]
 * @property {number|null} [index]
 */
/**
 * Which rule made the uncertainties and the lines of the report.
 *
 * @typedef {object} AppliedRules
 * @property {string} name
 * @property {string} title
 * @property {string} version
 */
/**
 * A measured quantity as on a report: estimate, u, ν, k, U = k·u at P = 95 %, budget.
 *
 * @typedef {object} Measurand
 * @property {string} name
 * @property {string} symbol
 * @property {string} unit
 * @property {number} value
 * @property {number} standard_uncertainty
 * @property {number|null} degrees_of_freedom
 * @property {number} coverage_factor
 * @property {number} expanded_uncertainty
 * @property {number} coverage_probability
 * @property {string} display
 * @property {Array<Influence>} [budget]
 * @property {Reference|null} [reference]
 * @property {GumUncertainty} [gum]
 */
/**
 * A fitted curve; ``covariance`` is of the parameters, in their order.
 *
 * @typedef {object} Fit
 * @property {string} name
 * @property {string} model
 * @property {Array<Parameter>} parameters
 * @property {Array<Array<number>>} covariance
 * @property {number} n
 * @property {number} degrees_of_freedom
 * @property {number|null} residual_standard_deviation
 * @property {number|null} [chi_squared]
 * @property {number|null} [chi_squared_probability]
 * @property {number|null} [r_squared]
 */
/**
 * One run in the list.
 *
 * @typedef {object} RunLine
 * @property {string} id
 * @property {string} experiment
 * @property {string} status
 * @property {string} message
 * @property {Array<string>} images
 * @property {string} created_at
 * @property {string|null} finished_at
 */
/**
 * One field of a form; ``path`` is where it stands in the request, ``groups[].currents``.
 *
 * @typedef {object} FormField
 * @property {string} name
 * @property {string} path
 * @property {string} kind
 * @property {string} title
 * @property {string} [symbol]
 * @property {string} [unit]
 * @property {string} [table]
 * @property {boolean} [required]
 * @property {number|null} [minimum]
 * @property {number|null} [maximum]
 * @property {number|null} [exclusive_minimum]
 * @property {number|null} [max_length]
 * @property {Array<string>} [choices]
 * @property {Array<string>} [choice_titles]
 * @property {boolean} [first]
 * @property {*} [default]
 * @property {boolean} [integer]
 * @property {boolean} [limited]
 */
/**
 * The fields of one kind of input; an experiment with a tagged union has several.
 *
 * @typedef {object} FormVariant
 * @property {string} tag_field
 * @property {string} tag
 * @property {string} title
 * @property {Array<FormField>} fields
 */
/**
 * Columns side by side; numbers are texts, with the digits that they have.
 *
 * @typedef {object} WorkedTable
 * @property {string} title
 * @property {Array<WorkedHead>} heads
 * @property {Array<Array<string>>} columns
 */
/**
 * How one quantity was found.
 *
 * @typedef {object} WorkedSection
 * @property {string} title
 * @property {Array<WorkedStep>} steps
 * @property {WorkedTable|null} table
 */
/**
 * One line of an uncertainty budget (JCGM 100:2008, 4.3 and 5.1).
 *
 * @typedef {object} Influence
 * @property {string} name
 * @property {"A"|"B"} type
 * @property {number} standard_uncertainty
 * @property {number} sensitivity_coefficient
 * @property {number} contribution
 * @property {number|null} degrees_of_freedom
 */
/**
 * The accepted value of a measurand, and how far the estimate is from it.
 *
 * @typedef {object} Reference
 * @property {number} value
 * @property {number} standard_uncertainty
 * @property {string} source
 * @property {number} relative_deviation
 * @property {number|null} normalized_error
 */
/**
 * u, ν and U = t₀.₉₅(ν)·u by the GUM.
 *
 * @typedef {object} GumUncertainty
 * @property {number} standard_uncertainty
 * @property {number|null} degrees_of_freedom
 * @property {number} expanded_uncertainty
 */
/**
 * One parameter of a fitted curve.
 *
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} symbol
 * @property {string} unit
 * @property {number} value
 * @property {number} standard_uncertainty
 */
/**
 * The head of a column.
 *
 * @typedef {object} WorkedHead
 * @property {string} title
 * @property {string} symbol
 * @property {string} mathml
 * @property {string} unit
 */
/**
 * One line; the formulas are empty where it is words alone.
 *
 * @typedef {object} WorkedStep
 * @property {string} words
 * @property {string} plain
 * @property {string} mathml
 * @property {string} latex
 */
// </types>

/**
 * Where the backend is and who is calling.
 *
 * @typedef {object} Options
 * @property {string} [base] Address, `https://lab.example.com`; "" is the page's own.
 * @property {string} [env] Environment of WeChat Cloud Run.
 * @property {string} [service] Its service; with it every call goes through callContainer.
 * @property {Object<string, string>} [services] Service by beginning of route, the `services.json`
 *   of `python -m router export cloudrun`; `*` is the one for everything else.
 * @property {boolean} [trusted] The backend runs with `WECHAT_TRUST_HEADERS=1`: the platform says
 *   who is calling, and nobody logs in unless a call is refused.
 * @property {() => Promise<string>} [code] Code to log in with; `wx.login` unless given.
 * @property {string} [token] Token kept from an earlier session.
 * @property {(token: string) => void} [keep] Told every new token, to store it.
 * @property {number} [patience] Longest time of one `run` in seconds, 120 unless given.
 * @property {typeof fetch} [fetch] Another `fetch`.
 */

/**
 * How to wait for a run.
 *
 * @typedef {object} Waiting
 * @property {(seconds: number) => void} [tell] Called before each look with the time gone by.
 * @property {boolean} [images] Whether the figures come inside the answer; true unless given.
 */

const LOGIN = "/api/auth/wechat";
const LONGEST_CALL_MS = 20000;
const LARGEST_BODY = 100 * 1024;
const PAUSES_S = [0.3, 0.5, 0.8, 1.2, 2, 3];
const TRIES = 5;
const PASSING = [429, 502, 503, 504];

/** A call that was refused, or that brought no answer (`status` 0). `message` is for the student. */
export class LabError extends Error {
  /**
   * @param {string} message One Chinese sentence.
   * @param {number} status
   * @param {{retryAfter?: number, requestId?: string, cause?: *}} [more]
   */
  constructor(message, status, more = {}) {
    super(message);
    this.name = "LabError";
    this.status = status;
    this.retryAfter = more.retryAfter || 0;
    this.requestId = more.requestId || "";
    this.cause = more.cause;
  }

  /** Whether the same call may succeed in a while. */
  get passing() {
    return this.status === 0 || PASSING.includes(this.status);
  }
}

/**
 * A connection to the backend.
 *
 * @param {Options} [options]
 * @returns {Lab}
 */
export function connect(options = {}) {
  return new Lab(options);
}

/** What the backend offers. Every method throws LabError. */
export class Lab {
  /** @param {Options} [options] */
  constructor(options = {}) {
    this.options = options;
    this.token = options.token || "";
    this.send = transport(options);
    this.entering = null;
  }

  /**
   * Log in; calls do so by themselves.
   *
   * @returns {Promise<User>}
   */
  async login() {
    const code = await (this.options.code || wechatCode)();
    const { token, user } = await this.attempt("POST", LOGIN, { code }, {});
    this.token = token;
    if (this.options.keep) this.options.keep(token);
    return user;
  }

  /** @returns {Promise<User>} */
  me() {
    return this.call("GET", "/api/me");
  }

  /** @returns {Promise<Experiments>} All experiments, chapter by chapter. */
  experiments() {
    return this.call("GET", "/api/experiments");
  }

  /**
   * Six digits, or nine while somebody tries them out, that let the same person into the page at `/` on a computer.
   *
   * @returns {Promise<LoginCode>}
   */
  loginCode() {
    return this.call("POST", "/api/auth/code");
  }

  /**
   * @param {string} name `frank-hertz`.
   * @returns {Promise<ExperimentForm>} The fields of its form, and its samples.
   */
  experiment(name) {
    return this.call("GET", `/api/experiments/${name}`);
  }

  /**
   * @param {string} run
   * @returns {Promise<Worked>} The worked steps of a run.
   */
  steps(run) {
    return this.call("GET", `/api/runs/${run}/steps`);
  }

  /**
   * Submit readings and wait for the end.
   *
   * @param {string} experiment Name, `frank-hertz`, or a route, `/api/plots/frank-hertz`.
   * @param {Object<string, *>} readings
   * @param {Waiting} [waiting]
   * @returns {Promise<RunStatus>} The completed run; what failed is thrown.
   */
  async run(experiment, readings, waiting = {}) {
    const started = await this.start(experiment, readings, waiting);
    return this.finish(started.task_id, { ...waiting, route: routeOf(experiment) });
  }

  /**
   * Submit readings; the same readings are the same run.
   *
   * @param {string} experiment
   * @param {Object<string, *>} readings
   * @param {Waiting} [waiting]
   * @returns {Promise<Started>}
   */
  start(experiment, readings, waiting = {}) {
    const body = { ...readings, return_data_uri: waiting.images !== false };
    return this.call("POST", `${routeOf(experiment)}/start`, body);
  }

  /**
   * Findings alone; nothing is stored or drawn.
   *
   * @param {string} experiment
   * @param {Object<string, *>} readings
   * @returns {Promise<Findings>}
   */
  check(experiment, readings) {
    return this.call("POST", `${routeOf(experiment)}/check`, readings);
  }

  /**
   * State of a run.
   *
   * @param {string} taskId
   * @param {string} [route] Route of its experiment: that service is asked, where there are several.
   * @returns {Promise<RunStatus>}
   */
  status(taskId, route = "") {
    const path = `/api/plots/status/${encodeURIComponent(taskId)}`;
    return this.call("GET", path, undefined, { owner: route });
  }

  /**
   * Wait for the end of a run that was started.
   *
   * @param {string} taskId
   * @param {Waiting & {route?: string}} [waiting]
   * @returns {Promise<RunStatus>}
   */
  async finish(taskId, waiting = {}) {
    const began = Date.now();
    const patience = this.options.patience || 120;
    for (let look = 0; ; look += 1) {
      const gone = (Date.now() - began) / 1000;
      if (waiting.tell) waiting.tell(gone);
      const run = await this.status(taskId, waiting.route);
      if (run.status === "completed") return run;
      if (run.status === "failed") throw new LabError(run.message, 400);
      if (gone > patience) throw new LabError("仍在计算，请稍后在历史记录中查看", 0);
      await pause(PAUSES_S[Math.min(look, PAUSES_S.length - 1)]);
    }
  }

  /**
   * A page of one's own runs, newest first.
   *
   * @param {{experiment?: string, before?: string, limit?: number}} [query]
   * @returns {Promise<RunList>}
   */
  runs(query = {}) {
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const text = given.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    return this.call("GET", text ? `/api/runs?${text}` : "/api/runs");
  }

  /**
   * @param {string} runId
   * @returns {Promise<RunDetail>}
   */
  readRun(runId) {
    return this.call("GET", `/api/runs/${encodeURIComponent(runId)}`);
  }

  /**
   * @param {string} runId
   * @returns {Promise<Deleted>}
   */
  deleteRun(runId) {
    return this.call("DELETE", `/api/runs/${encodeURIComponent(runId)}`);
  }

  /**
   * The figures as what `<image src>` takes: files in WeChat, data URIs or addresses elsewhere.
   * What did not fit into the answer is fetched from its address.
   *
   * @param {RunStatus} run A completed run.
   * @returns {Promise<string[]>}
   */
  async save(run) {
    const saved = [];
    for (const [index, address] of run.images.entries()) {
      const given = (run.images_data && run.images_data[index]) || address;
      saved.push(await this.saveOne(given, `lab-${run.run_id}-${index}.png`));
    }
    return saved;
  }

  /** @private */
  async saveOne(given, name) {
    const inside = /^data:image\/png;base64,(.*)$/.exec(given);
    if (typeof wx === "undefined") return inside ? given : (this.options.base || "") + given;
    const path = `${wx.env.USER_DATA_PATH}/${name}`;
    if (inside) return writeFile(path, inside[1], "base64");
    const route = `/api/plots/${given.split("/")[4]}`;
    const data = await this.call("GET", given, undefined, { owner: route, binary: true });
    return writeFile(path, data, undefined);
  }

  /**
   * Delete the files that `save` made, on this device.
   *
   * @returns {number} How many there were.
   */
  clear() {
    if (typeof wx === "undefined") return 0;
    const files = wx.getFileSystemManager();
    const folder = wx.env.USER_DATA_PATH;
    const ours = files.readdirSync(folder).filter((name) => /^lab-.*\.png$/.test(name));
    ours.forEach((name) => files.unlinkSync(`${folder}/${name}`));
    return ours.length;
  }

  /**
   * Any call: logged in, repeated where it may pass.
   *
   * @param {string} method
   * @param {string} path
   * @param {*} [body]
   * @param {{owner?: string, binary?: boolean}} [more] `owner`: route whose service is asked.
   * @returns {Promise<*>} The decoded answer.
   */
  async call(method, path, body, more = {}) {
    const open = path.startsWith("/api/experiments") || path.startsWith("/static/");
    if (!this.token && !this.options.trusted && !open) await this.enter("");
    const used = this.token;
    try {
      return await this.attempt(method, path, body, more);
    } catch (error) {
      if (error.status !== 401) throw error;
      await this.enter(used);
      return this.attempt(method, path, body, more);
    }
  }

  /** Log in once for all who wait for it, unless somebody has done so meanwhile. @private */
  enter(refused) {
    if (!this.entering) {
      if (this.token !== refused) return Promise.resolve();
      const end = () => {
        this.entering = null;
      };
      this.entering = this.login();
      this.entering.then(end, end);
    }
    return this.entering;
  }

  /** One call, repeated with longer pauses while its refusal may pass. @private */
  async attempt(method, path, body, more) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(method, path, body, more);
      } catch (error) {
        if (!error.passing || attempt === TRIES || path === LOGIN) throw error;
        const wait = error.retryAfter || PAUSES_S[Math.min(attempt, PAUSES_S.length - 1)];
        await pause(wait);
      }
    }
  }

  /** @private */
  async once(method, path, body, more) {
    const header = {};
    if (body !== undefined) header["content-type"] = "application/json";
    if (this.token && path !== LOGIN) header.authorization = `Bearer ${this.token}`;
    const data = body === undefined ? undefined : JSON.stringify(body);
    const service = serviceOf(this.options, more.owner || path);
    const asked = { method, path, header, data, service, binary: more.binary === true };
    const answer = await this.send(asked);
    const status = answer.status;
    if (status >= 200 && status < 300) return more.binary ? answer.data : decoded(answer.data);
    const found = decoded(answer.data);
    const detail = found && typeof found.detail === "string" ? found.detail : `服务异常（${status}）`;
    throw new LabError(detail, status, {
      retryAfter: Number(answer.header("retry-after")) || 0,
      requestId: answer.header("x-request-id"),
    });
  }
}

/** The way calls go: callContainer, wx.request or fetch. */
function transport(options) {
  if (typeof wx !== "undefined" && (options.service || options.services)) return byContainer(options);
  if (typeof wx !== "undefined") return byRequest(options);
  return byFetch(options);
}

function byContainer(options) {
  return async ({ method, path, header, data, service, binary }) => {
    if (data !== undefined && bytesOf(data) > LARGEST_BODY) {
      throw new LabError("读数太多，超过微信一次能发送的 100 KB", 413);
    }
    const call = {
      config: { env: options.env },
      path,
      method,
      header: { ...header, "X-WX-SERVICE": service },
      data,
      dataType: "text",
      responseType: binary ? "arraybuffer" : "text",
      timeout: LONGEST_CALL_MS,
    };
    const answer = await wx.cloud.callContainer(call).catch((error) => {
      throw unreached(error);
    });
    return { status: answer.statusCode, data: answer.data, header: reader(answer.header) };
  };
}

function byRequest(options) {
  return ({ method, path, header, data, binary }) =>
    new Promise((resolve, reject) => {
      wx.request({
        url: (options.base || "") + path,
        method,
        header,
        data,
        dataType: "text",
        responseType: binary ? "arraybuffer" : "text",
        timeout: LONGEST_CALL_MS,
        success: (answer) =>
          resolve({ status: answer.statusCode, data: answer.data, header: reader(answer.header) }),
        fail: (error) => reject(unreached(error)),
      });
    });
}

function byFetch(options) {
  const ask = options.fetch || fetch;
  return async ({ method, path, header, data, binary }) => {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), LONGEST_CALL_MS);
    try {
      const given = { method, headers: header, body: data, signal: limit.signal };
      const answer = await ask((options.base || "") + path, given);
      const content = await (binary ? answer.arrayBuffer() : answer.text());
      return { status: answer.status, data: content, header: (name) => answer.headers.get(name) || "" };
    } catch (error) {
      throw unreached(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** What to say of a call that brought no answer; the platform's codes in `errCode`. */
function unreached(error) {
  const said = String((error && (error.errMsg || error.message)) || error);
  const code = Number(error && error.errCode) || 0;
  const is = (number) => code === number || said.includes(String(number));
  if (is(-606001)) return new LabError("读数太多，超过微信一次能发送的 100 KB", 413, { cause: error });
  if (is(-606002)) return new LabError("回答太大，请在历史记录中按地址查看图片", 413, { cause: error });
  if (is(102002) || /time/i.test(said)) return new LabError("等待超时，请重试", 0, { cause: error });
  return new LabError("网络不通，请检查网络后重试", 0, { cause: error });
}

function wechatCode() {
  if (typeof wx === "undefined") {
    return Promise.reject(new LabError("请给出登录用的 code", 401));
  }
  return new Promise((resolve, reject) => {
    wx.login({
      success: ({ code }) => resolve(code),
      fail: (error) => reject(new LabError("微信登录失败，请重试", 401, { cause: error })),
    });
  });
}

function writeFile(filePath, data, encoding) {
  return new Promise((resolve, reject) => {
    wx.getFileSystemManager().writeFile({
      filePath,
      data,
      encoding,
      success: () => resolve(filePath),
      fail: (error) => reject(new LabError("图片无法保存，请清理手机空间", 0, { cause: error })),
    });
  });
}

/** Service that a route belongs to: the longest beginning that is named. */
function serviceOf(options, path) {
  const named = options.services || {};
  const route = path.split("?")[0];
  const fitting = Object.keys(named).filter((key) => route === key || route.startsWith(`${key}/`));
  const nearest = fitting.sort((a, b) => b.length - a.length)[0];
  return (nearest && named[nearest]) || options.service || named["*"] || "";
}

function routeOf(experiment) {
  return experiment.startsWith("/") ? experiment : `/api/plots/${experiment}`;
}

/** Reads a header whatever the case of its name; WeChat may give several values as a list. */
function reader(header) {
  const found = {};
  Object.keys(header || {}).forEach((name) => {
    found[name.toLowerCase()] = String(header[name]);
  });
  return (name) => found[name] || "";
}

/** The JSON of an answer, which WeChat may have decoded already. */
function decoded(data) {
  if (typeof data !== "string") return data;
  try {
    return JSON.parse(data);
  } catch (error) {
    return null;
  }
}

function bytesOf(text) {
  return encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, "x").length;
}

function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
