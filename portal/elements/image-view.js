// How an image lies on its stage: zoomed and moved. Stage points are CSS pixels from the stage's corner.
"use strict";

(() => {
  const { between } = window.kempelen;
  const MARGIN = 18; // so that handles on the image's edge can be taken
  const MOST = 40; // stage pixels for one of the image, or as many times the fitting size

  class ImageView {
    zoom = 1;
    #x = 0;
    #y = 0;

    constructor(stage, size) {
      this.stage = stage;
      this.size = size;
    }

    get scale() {
      const { clientWidth, clientHeight } = this.stage;
      const across = Math.max(40, clientWidth - 2 * MARGIN) / this.size.width;
      const down = Math.max(40, clientHeight - 2 * MARGIN) / this.size.height;
      return Math.min(across, down) * this.zoom;
    }

    // Where the image's corner is.
    get x() {
      return this.#held(this.#x, this.stage.clientWidth, this.size.width * this.scale);
    }

    get y() {
      return this.#held(this.#y, this.stage.clientHeight, this.size.height * this.scale);
    }

    // In the middle when it fits, otherwise without a gap at either side.
    #held(offset, room, length) {
      if (length + 2 * MARGIN <= room + 0.5) return (room - length) / 2;
      return between(room - length - MARGIN, offset, MARGIN);
    }

    toImage(point) {
      return { x: (point.x - this.x) / this.scale, y: (point.y - this.y) / this.scale };
    }

    pan(dx, dy) {
      [this.#x, this.#y] = [this.x + dx, this.y + dy];
      [this.#x, this.#y] = [this.x, this.y];
    }

    // What is under `point` stays there.
    zoomBy(factor, point) {
      const { x, y } = this.toImage(point);
      this.zoom = between(1, this.zoom * factor, MOST);
      this.#x = point.x - x * this.scale;
      this.#y = point.y - y * this.scale;
    }

    fit() {
      this.zoom = 1;
    }
  }

  Object.assign(window.kempelen, { ImageView });
})();
