// Who is logged in. The token is opaque; a 401 ends it, and the page asks to log in again.

const KEY = "lab.session";

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

class Session extends EventTarget {
  #held = stored();

  /** The bearer token, or "". */
  get token() {
    return this.#held.token ?? "";
  }

  /** The user as the bundle gave it, or null. */
  get user() {
    return this.#held.user ?? null;
  }

  /** Owner of the drafts on this device. */
  get owner() {
    return this.user ? String(this.user.user_id) : "guest";
  }

  begin(token, user) {
    this.#keep({ token, user });
  }

  end() {
    this.#keep({});
  }

  expire() {
    this.#keep({ expired: true });
  }

  /** Whether the last session ended because its token was refused. */
  get expired() {
    return this.#held.expired === true;
  }

  #keep(held) {
    this.#held = held;
    try {
      localStorage.setItem(KEY, JSON.stringify(held));
    } catch {
      // Storage is full or forbidden: the session lasts as long as the page.
    }
    this.dispatchEvent(new Event("change"));
  }
}

export const session = new Session();

/** "mock" in development, "code" or "wechat" alone in production; rendered by the server. */
export const loginKind = document.querySelector('meta[name="login"]').content;
