// Rows of a readings table in blocks. In a long table only the blocks near the view are built:
// five thousand readings would otherwise be ten thousand inputs.

import { h } from "./dom.js";

const BLOCK = 50;
const MANY = 200;
const NEAR = "600px 0px";

export class Rows {
  /** Rows in `table`, which scrolls in `scroller`; `make(r)` builds the row number r. */
  constructor(table, scroller, make) {
    this.table = table;
    this.make = make;
    this.blocks = [];
    this.count = 0;
    this.watch = new IntersectionObserver((seen) => this.#seen(seen), { root: scroller, rootMargin: NEAR });
  }

  /** Take all rows away and have `count` new ones. */
  reset(count) {
    this.watch.disconnect();
    this.blocks.forEach(({ body }) => body.remove());
    this.blocks = [];
    this.count = count;
    this.partly = count > MANY;
    this.#counted();
    for (let first = 0; first < count; first += BLOCK) this.#block(first, Math.min(BLOCK, count - first));
    for (const block of this.partly ? this.blocks.slice(0, 1) : this.blocks) this.#build(block);
    if (this.partly) this.blocks.forEach(({ body }) => this.watch.observe(body));
  }

  #counted() {
    this.table.classList.toggle("partly", this.partly);
    if (this.partly) this.table.setAttribute("aria-rowcount", this.count + 1);
    else this.table.removeAttribute("aria-rowcount");
  }

  #block(first, size) {
    const block = { body: h("tbody"), first, size, rows: null };
    this.blocks.push(block);
    this.table.append(block.body);
    this.#leave(block);
    return block;
  }

  #build(block) {
    if (block.rows) return;
    block.rows = Array.from({ length: block.size }, (_, i) => this.#numbered(block.first + i));
    block.body.replaceChildren(...block.rows);
  }

  #numbered(r) {
    const row = this.make(r);
    if (this.partly) row.setAttribute("aria-rowindex", r + 2);
    return row;
  }

  /** An empty row as high as the block's rows. */
  #leave(block) {
    block.rows = null;
    const gap = h("tr", { class: "gap", "aria-hidden": "true" }, h("td"));
    gap.style.setProperty("--rows", block.size);
    block.body.replaceChildren(gap);
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const block = this.blocks.find(({ body }) => body === target);
      if (!block) continue;
      if (isIntersecting) this.#build(block);
      else if (block.rows && !needed(target)) this.#leave(block);
    }
  }

  /** The row number r, built where it was not. */
  row(r) {
    const block = this.blocks[Math.floor(r / BLOCK)];
    if (!block || r >= this.count) return undefined;
    this.#build(block);
    return block.rows[r - block.first];
  }

  /** One more row at the end. */
  grow() {
    const last = this.blocks[this.blocks.length - 1];
    const block = last.size < BLOCK ? last : this.#block(this.count, 0);
    this.#build(block);
    const row = this.#numbered(this.count);
    block.rows.push(row);
    block.body.append(row);
    block.size += 1;
    this.count += 1;
    this.#counted();
    if (this.partly && block !== last) this.watch.observe(block.body);
  }
}

/** What the cursor is in, and what carries a note, stays. */
function needed(body) {
  return body.contains(document.activeElement) || body.querySelector(".note-row") !== null;
}
