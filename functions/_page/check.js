// The quick check while typing: warnings and results without figures, nothing stored.

import { Refusal, json } from "./api.js";
import { debounced } from "./dom.js";

const PAUSE = 500;

/**
 * Checks of one experiment. `ask()` gives the request {text, notes} or null; `show(outcome)` gets
 * {notes}, {answer} or {refusal}.
 */
export class QuickCheck {
  #running = null;
  #offered = true;

  constructor(route, ask, show) {
    this.route = route;
    this.ask = ask;
    this.show = show;
    this.soon = debounced(() => this.#check(), PAUSE);
  }

  /** Something was typed. */
  touch() {
    this.#running?.abort();
    this.soon();
  }

  stop() {
    this.soon.cancel();
    this.#running?.abort();
  }

  async #check() {
    const request = this.ask();
    if (!request) return this.show({ notes: [] });
    if (request.notes.length) return this.show({ notes: request.notes });
    if (!this.#offered) return this.show({ notes: [] });
    this.#running = new AbortController();
    const { signal } = this.#running;
    try {
      const answer = await json("POST", `${this.route}/check`, { body: request.text, signal });
      if (!signal.aborted) this.show({ answer });
    } catch (error) {
      this.#failed(error);
    }
    return undefined;
  }

  #failed(error) {
    if (error.name === "AbortError") return;
    if (error instanceof Refusal && [404, 405].includes(error.status)) this.#offered = false;
    if (error instanceof Refusal && error.status === 429) this.soon(); // another page's check took its place
    else if (error instanceof Refusal && error.status === 400) this.show({ refusal: error });
    else this.show({ away: true });
  }
}
