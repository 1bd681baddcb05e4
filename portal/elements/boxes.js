// The boxes on an image in its own pixels, with what undoing needs. `size` is {width, height} of the image.
"use strict";

(() => {
  const between = (low, value, high) => Math.min(Math.max(value, low), high);

  // A box between two corners, whichever they are, within the image.
  const spanned = (size, x1, y1, x2, y2, label) => {
    const [left, right] = [x1, x2].map((x) => between(0, x, size.width)).sort((a, b) => a - b);
    const [top, bottom] = [y1, y2].map((y) => between(0, y, size.height)).sort((a, b) => a - b);
    return { label, left, top, width: right - left, height: bottom - top };
  };

  const moved = (size, box, dx, dy) => ({
    ...box,
    left: between(0, box.left + dx, size.width - box.width),
    top: between(0, box.top + dy, size.height - box.height),
  });

  // `edges` is one of n, ne, e, se, s, sw, w, nw.
  const resized = (size, box, edges, dx, dy) => {
    const left = box.left + (edges.includes("w") ? dx : 0);
    const right = box.left + box.width + (edges.includes("e") ? dx : 0);
    const top = box.top + (edges.includes("n") ? dy : 0);
    const bottom = box.top + box.height + (edges.includes("s") ? dy : 0);
    return spanned(size, left, top, right, bottom, box.label);
  };

  // Whole pixels, at least one each way.
  const rounded = (size, box) => {
    const left = Math.min(Math.round(box.left), size.width - 1);
    const top = Math.min(Math.round(box.top), size.height - 1);
    const right = Math.max(left + 1, Math.round(box.left + box.width));
    const bottom = Math.max(top + 1, Math.round(box.top + box.height));
    return { label: box.label, left, top, width: right - left, height: bottom - top };
  };

  class Boxes {
    list = [];
    #past = [];
    #future = [];
    #size;

    constructor(size, initial) {
      this.#size = size;
      this.list = initial.map((given) => this.#read(given)).filter(Boolean);
    }

    // What lies outside the image is none of its boxes.
    #read({ left, top, width, height, label }) {
      const [x, y, w, h] = [left, top, width, height].map(Number);
      if (![x, y, w, h].every(Number.isFinite)) return null;
      const box = spanned(this.#size, x, y, x + w, y + h, String(label));
      return box.width > 0 && box.height > 0 ? rounded(this.#size, box) : null;
    }

    // What the answer holds.
    get answer() {
      return this.list.map(({ height, label, left, top, width }) => ({ height, label, left, top, width }));
    }

    // `joined` makes one step of it with the change before: a key that is held down.
    set(list, { joined = false } = {}) {
      const next = list.map((box) => rounded(this.#size, box));
      if (JSON.stringify(next) === JSON.stringify(this.list)) return;
      if (!joined) this.#past.push(this.list);
      this.#future = [];
      this.list = next;
    }

    undo() {
      return this.#step(this.#past, this.#future);
    }

    redo() {
      return this.#step(this.#future, this.#past);
    }

    get undoable() {
      return this.#past.length > 0;
    }

    #step(source, target) {
      if (!source.length) return false;
      target.push(this.list);
      this.list = source.pop();
      return true;
    }
  }

  Object.assign(window.kempelen, { Boxes, between, moved, resized, spanned });
})();
