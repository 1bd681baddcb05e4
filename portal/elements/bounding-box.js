// crowd-bounding-box: boxes drawn, moved and resized on an image, by mouse, pen, touch and keyboard.
"use strict";

(() => {
  const {
    BOARD, Boxes, Choices, CrowdBoard, ImageView, button, choice, failedImage, isTextField, make, moved, resized, spanned, words,
  } = window.kempelen;

  const EDGES = ["n", "e", "s", "w", "nw", "ne", "se", "sw"];
  const COLOURS = ["#ffd400", "#00e5ff", "#ff6ad5", "#7cff4f", "#ff9f1c", "#b69cff", "#ff5c5c", "#5cffc4", "#ffffff"];
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const CLICK = 4; // stage pixels: less is no drag
  const ROOMY = 64; // stage pixels: a smaller side has no handle in its middle, to leave room to take the box itself
  const TAG = 26; // stage pixels that a label above its box needs
  const STEP = 1.3;

  const STYLE = `${BOARD}
    .centre { display: flex; flex-direction: column; gap: .6rem; min-width: 0; min-height: 0; margin: .75rem 0 1rem; }
    .stage { position: relative; flex: 1; min-height: 12rem; overflow: hidden; background: var(--crowd-well); border-radius: 14px; touch-action: none; forced-color-adjust: none; user-select: none; -webkit-user-select: none; cursor: crosshair; }
    .stage.panning { cursor: grab; }
    .stage > img { position: absolute; left: 0; top: 0; max-width: none; transform-origin: 0 0; pointer-events: none; }
    .stage > .problem { position: absolute; inset: 0; margin: auto; height: fit-content; padding: 1rem; text-align: center; }
    .box { position: absolute; outline: 2px solid var(--colour); box-shadow: 0 0 0 3px rgb(0 0 0 / .8), inset 0 0 0 1px rgb(0 0 0 / .8); cursor: move; }
    .box.suggested { outline-style: dashed; }
    .box.selected { background: rgb(255 255 255 / .14); outline-width: 3px; box-shadow: 0 0 0 4px #000, inset 0 0 0 1px #000; }
    .box:focus-visible { outline: 3px solid var(--colour); outline-offset: 0; box-shadow: 0 0 0 4px #000, 0 0 0 7px #fff, inset 0 0 0 1px #000; }
    .panning .box, .panning .handle { cursor: inherit; }
    .tag { position: absolute; left: 0; top: 0; max-width: 11rem; padding: 0 .4rem; font-size: .8rem; font-weight: 600; line-height: 1.45; color: #000; background: var(--colour); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; pointer-events: none; }
    .above > .tag { top: auto; bottom: calc(100% + 3px); }
    .handle { position: absolute; width: 28px; height: 28px; margin: -14px; z-index: 1; }
    .handle::after { content: ""; position: absolute; inset: 8px; background: #fff; border: 2px solid #000; border-radius: 3px; }
    .handle[data-edges=n], .handle[data-edges=s] { left: 50%; cursor: ns-resize; }
    .handle[data-edges=e], .handle[data-edges=w] { top: 50%; cursor: ew-resize; }
    .handle[data-edges=nw], .handle[data-edges=se] { cursor: nwse-resize; }
    .handle[data-edges=ne], .handle[data-edges=sw] { cursor: nesw-resize; }
    .handle[data-edges*=n] { top: var(--out); } .handle[data-edges*=s] { top: calc(100% - var(--out)); }
    .handle[data-edges*=w] { left: var(--out); } .handle[data-edges*=e] { left: calc(100% - var(--out)); }
    .handle[data-edges=s] { left: 50%; } .handle[data-edges=e] { top: 50%; }
    .low .handle[data-edges=e], .low .handle[data-edges=w], .slim .handle[data-edges=n], .slim .handle[data-edges=s] { display: none; }
    .tools { display: flex; flex-wrap: wrap; gap: .4rem; }
    /* Always as high: the image must not jump while it is dragged on. */
    .status { flex: none; height: 2.7em; margin: 0; font-size: .85rem; line-height: 1.35; color: var(--crowd-soft); overflow: hidden; overflow-wrap: anywhere; }
    @media (max-width: 50rem) { .centre { margin: .75rem 1rem 0; } .stage { flex: none; height: 46vh; } .tools .button { flex: 1 0 auto; min-height: 2.75rem; } .tag { max-width: 7rem; } }
  `;
  const HELP = "Drag to draw. Arrows move the box, with Shift they resize it. N adds a box, Delete removes it, Ctrl+Z undoes. Wheel zooms, Space and drag pans.";
  const HELP_TOUCH = "Drag to draw. Two fingers zoom and pan.";

  const NOTE = "The dashed boxes are suggested. Accept them if they are right, or mend, delete and add.";

  // Boxes that were found in an image of another size lie at the same place in this one.
  const inPixelsOf = (size, { boundingBoxes, inputImageProperties }) => {
    const across = size.width / (inputImageProperties?.width || size.width);
    const down = size.height / (inputImageProperties?.height || size.height);
    return boundingBoxes.map(({ label, left, top, width, height }) => (
      { label, left: left * across, top: top * down, width: width * across, height: height * down }
    ));
  };

  class CrowdBoundingBox extends CrowdBoard {
    static style = STYLE;

    #boxes = null; // until the image is there
    #draft = null; // the list as the running gesture has it
    #gesture = null;
    #selected = -1;
    #pointers = new Map();
    #space = false;
    #inside = false;
    #views = [];
    #view;
    #image;
    #stage;
    #status;
    #labels;
    #choices;
    #nothing;
    #suggested = []; // boxes as JSON
    #tools;

    get value() {
      if (!this.#boxes || (!this.#boxes.list.length && !this.#nothing.checked)) return null;
      const { width, height } = this.#view.size;
      return { boundingBoxes: this.#boxes.answer, inputImageProperties: { height, width } };
    }

    get accepts() {
      const now = this.#boxes?.list.map((box) => JSON.stringify(box)) || [];
      return this.#suggested.length > 0 && now.join() === this.#suggested.join();
    }

    centre() {
      this.#labels = this.json("labels", []).map(String);
      this.#image = make("img", { alt: "The image to mark", draggable: false });
      const named = { role: "group", attributes: { "aria-label": "Boxes on the image" } };
      this.#stage = make("div", { className: "stage", ...named }, this.#image);
      this.#image.addEventListener("load", () => this.#start());
      this.#image.addEventListener("error", () => this.#image.replaceWith(failedImage()));
      this.#image.crossOrigin = "anonymous";
      this.#image.src = this.getAttribute("src");
      const help = matchMedia("(hover: none)").matches ? HELP_TOUCH : HELP;
      this.#status = make("p", { className: "status", role: "status", textContent: help });
      return make("div", { className: "centre" }, this.#stage, this.#toolbar(), this.#status);
    }

    side() {
      this.#choices = new Choices({
        names: this.#labels,
        heading: "Label",
        descriptions: this.descriptions(),
        changed: (input) => this.#label(input.value),
      });
      if (this.#choices.inputs[0]) this.#choices.inputs[0].checked = true;
      const text = this.getAttribute("nothing-to-mark") || "There is nothing to mark";
      const { input, label } = choice("checkbox", text, "0", () => this.changed());
      label.classList.add("apart");
      this.#nothing = input;
      const note = this.suggestion ? [make("p", { className: "note", textContent: NOTE })] : [];
      return make("aside", {}, ...note, this.#choices.element, label);
    }

    #toolbar() {
      const inside = button("Draw inside", () => {
        this.#inside = !this.#inside;
        inside.ariaPressed = String(this.#inside);
      }, { ariaPressed: "false", title: "Draw over a box instead of moving it (Shift and drag)" });
      this.#tools = {
        out: button("−", () => this.#zoom(1 / STEP), { ariaLabel: "Zoom out", title: "Zoom out (-)" }),
        in: button("+", () => this.#zoom(STEP), { ariaLabel: "Zoom in", title: "Zoom in (+)" }),
        fit: button("Fit", () => this.#fit(), { title: "Show the whole image" }),
        add: button("Add box", () => this.#add(), { title: "A box in the middle (N)" }),
        inside,
        delete: button("Delete", () => this.#delete(), { title: "Delete the chosen box (Delete)", disabled: true }),
        undo: button("Undo", () => this.#undo(), { title: "Undo (Ctrl+Z)", disabled: true }),
      };
      return make("div", { className: "tools", role: "toolbar", ariaLabel: "Tools" }, ...Object.values(this.#tools));
    }

    #start() {
      const size = { width: this.#image.naturalWidth, height: this.#image.naturalHeight };
      const initial = this.suggestion ? inPixelsOf(size, this.suggestion) : this.json("initial-value", []);
      this.#view = new ImageView(this.#stage, size);
      this.#boxes = new Boxes(size, Array.isArray(initial) ? initial : []);
      if (this.suggestion) this.#suggested = this.#boxes.list.map((box) => JSON.stringify(box));
      new ResizeObserver(() => this.#render()).observe(this.#stage);
      const on = (name, handler) => this.#stage.addEventListener(name, handler);
      on("pointerdown", (event) => this.#down(event));
      on("pointermove", (event) => this.#move(event));
      on("pointerup", (event) => this.#up(event));
      on("pointercancel", (event) => this.#up(event, true));
      on("mousedown", (event) => event.preventDefault());
      on("keydown", (event) => this.#arrow(event));
      this.#stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
      window.addEventListener("keydown", (event) => this.#held(event));
      window.addEventListener("keyup", (event) => { if (event.key === " ") this.#hold(false); });
      window.addEventListener("blur", () => this.#hold(false));
      this.#render();
      this.changed();
    }

    // --- keys ---

    takeKey(key) {
      if (!this.#boxes) return false;
      if (key === "0") return this.#press(() => this.#nothing.click());
      if (/^[1-9]$/.test(key)) return this.#press(() => this.#choices.at(key)?.click());
      if (key === "+" || key === "=") return this.#press(() => this.#zoom(STEP));
      if (key === "-") return this.#press(() => this.#zoom(1 / STEP));
      if (key === "n" || key === "N") return this.#press(() => this.#add());
      if (key === "Delete" || key === "Backspace") return this.#press(() => this.#delete());
      if (key === "Escape") return this.#press(() => this.#escape());
      return false;
    }

    #press(act) {
      act();
      return true;
    }

    #held(event) {
      const target = event.composedPath()[0];
      if (isTextField(target)) return;
      if (event.key === " " && !target.closest?.("button, a, input, dialog")) {
        event.preventDefault();
        this.#hold(true);
      }
      if (!event.ctrlKey && !event.metaKey) return;
      const key = event.key.toLowerCase();
      if (key === "y" || (key === "z" && event.shiftKey)) this.#press(() => this.#undo("redo"));
      else if (key === "z") this.#press(() => this.#undo());
      else return;
      event.preventDefault();
    }

    #hold(down) {
      this.#space = down;
      this.#stage.classList.toggle("panning", down);
    }

    // A box that has the focus; Ctrl makes ten pixels of one.
    #arrow(event) {
      const arrow = ARROWS[event.key];
      if (!arrow || event.altKey || this.#gesture || this.#selected < 0) return;
      event.preventDefault();
      const [dx, dy] = arrow.map((step) => step * (event.ctrlKey ? 10 : 1));
      const { size } = this.#view;
      const box = this.#boxes.list[this.#selected];
      const tooSmall = event.shiftKey && (box.width + dx < 1 || box.height + dy < 1);
      if (tooSmall) return;
      const next = event.shiftKey ? resized(size, box, "se", dx, dy) : moved(size, box, dx, dy);
      this.#commit(this.#with(this.#selected, next), { joined: event.repeat });
    }

    // --- what can be done with boxes ---

    #with(index, box) {
      return this.#boxes.list.map((other, at) => (at === index ? box : other));
    }

    #commit(list, options) {
      this.#boxes.set(list, options);
      if (list.length) this.#nothing.checked = false;
      this.#render();
      this.#say();
      this.changed();
    }

    #add() {
      if (!this.#boxes || this.#gesture) return;
      const { size } = this.#view;
      const corner = this.#view.toImage({ x: this.#stage.clientWidth * 0.4, y: this.#stage.clientHeight * 0.4 });
      const other = this.#view.toImage({ x: this.#stage.clientWidth * 0.6, y: this.#stage.clientHeight * 0.6 });
      this.#append(spanned(size, corner.x, corner.y, other.x, other.y, this.#current));
    }

    #append(box) {
      this.#selected = this.#boxes.list.length;
      this.#commit([...this.#boxes.list, box]);
      this.#views[this.#selected].focus({ preventScroll: true });
    }

    #delete() {
      if (!this.#boxes || this.#gesture || this.#selected < 0) return;
      const hadFocus = this.shadowRoot.activeElement === this.#views[this.#selected];
      const list = this.#boxes.list.filter((box, index) => index !== this.#selected);
      this.#selected = hadFocus ? Math.min(this.#selected, list.length - 1) : -1;
      this.#commit(list);
      if (hadFocus) this.#views[this.#selected]?.focus({ preventScroll: true });
    }

    #undo(way = "undo") {
      if (!this.#boxes || this.#gesture || !this.#boxes[way]()) return;
      this.#selected = -1;
      this.#commit(this.#boxes.list);
    }

    #escape() {
      if (this.#gesture) return this.#cancel();
      this.#select(-1);
      this.shadowRoot.activeElement?.blur();
    }

    get #current() {
      return this.#choices.chosen[0] ?? "";
    }

    #label(label) {
      const box = this.#boxes?.list[this.#selected];
      if (box) this.#commit(this.#with(this.#selected, { ...box, label }));
    }

    #select(index) {
      this.#selected = index;
      const input = this.#choices.inputs.find((other) => other.value === this.#boxes.list[index]?.label);
      if (input) input.checked = true;
      this.#render();
      if (index >= 0) this.#say();
    }

    // --- pointers ---

    #point(event) {
      const { left, top } = this.#stage.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    }

    #down(event) {
      if (event.button > 1) return;
      this.#stage.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, this.#point(event));
      if (this.#pointers.size > 1) return this.#cancel();
      const point = this.#point(event);
      const target = event.composedPath()[0];
      const on = this.#views.indexOf(target.closest(".box"));
      const edges = target.dataset.edges;
      const list = this.#boxes.list;
      if (this.#space || event.button === 1) this.#gesture = { kind: "pan" };
      else if (edges) this.#gesture = { kind: "resize", index: on, box: list[on], edges };
      else if (on >= 0 && !this.#inside && !event.shiftKey) this.#gesture = { kind: "move", index: on, box: list[on] };
      else this.#gesture = { kind: "draw", index: list.length, on };
      Object.assign(this.#gesture, { from: point, last: point, start: this.#view.toImage(point) });
      if (this.#gesture.kind === "move") this.#select(on);
    }

    #move(event) {
      if (!this.#pointers.has(event.pointerId)) return;
      const point = this.#point(event);
      if (this.#pointers.size === 2) this.#pinch(event.pointerId, point);
      this.#pointers.set(event.pointerId, point);
      if (!this.#gesture) return;
      if (this.#gesture.kind === "pan") this.#pan(point);
      else this.#drag(point);
      this.#gesture.last = point;
    }

    #pan(point) {
      this.#view.pan(point.x - this.#gesture.last.x, point.y - this.#gesture.last.y);
      this.#render();
    }

    #drag(point) {
      const { kind, index, edges, start, from } = this.#gesture;
      const far = Math.abs(point.x - from.x) >= CLICK || Math.abs(point.y - from.y) >= CLICK;
      if (!this.#draft && !far) return;
      const { size } = this.#view;
      const { x, y } = this.#view.toImage(point);
      this.#draft = [...this.#boxes.list];
      // The label may have changed meanwhile, by its key.
      const box = { ...this.#gesture.box, label: this.#boxes.list[index]?.label };
      if (kind === "draw") this.#draft[index] = spanned(size, start.x, start.y, x, y, this.#current);
      // By whole pixels, or rounding the edges would change the box's size.
      if (kind === "move") this.#draft[index] = moved(size, box, Math.round(x - start.x), Math.round(y - start.y));
      if (kind === "resize") this.#draft[index] = resized(size, box, edges, x - start.x, y - start.y);
      this.#selected = index;
      this.#render();
    }

    #pinch(id, point) {
      const [other] = [...this.#pointers].filter(([key]) => key !== id).map(([, at]) => at);
      const before = this.#pointers.get(id);
      const span = (at) => Math.max(1, Math.hypot(at.x - other.x, at.y - other.y));
      const middle = (at) => ({ x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
      this.#view.pan(middle(point).x - middle(before).x, middle(point).y - middle(before).y);
      this.#zoom(span(point) / span(before), middle(point));
    }

    #up(event, cancelled = false) {
      if (!this.#pointers.delete(event.pointerId) || !this.#gesture) return;
      if (cancelled) return this.#cancel();
      const { kind, index, on } = this.#gesture;
      const draft = this.#draft;
      this.#gesture = this.#draft = null;
      if (kind === "pan") return;
      if (!draft) return kind === "draw" ? this.#click(on) : this.#views[index].focus({ preventScroll: true });
      const { scale } = this.#view;
      const flat = draft[index].width * scale < CLICK || draft[index].height * scale < CLICK;
      if (kind === "draw" && flat) return this.#select(-1);
      this.#commit(draft);
      this.#views[index].focus({ preventScroll: true });
    }

    // Without a drag, what would have drawn chooses the box below it, or none.
    #click(on) {
      if (on >= 0) this.#views[on].focus({ preventScroll: true });
      else this.#escape();
    }

    #cancel() {
      const wasDrawing = this.#gesture?.kind === "draw";
      this.#gesture = this.#draft = null;
      if (wasDrawing) this.#selected = -1;
      this.#render();
    }

    #wheel(event) {
      event.preventDefault();
      const lines = event.deltaMode === 1 ? 16 : 1;
      this.#zoom(Math.exp(-event.deltaY * lines * 0.002), this.#point(event));
    }

    #zoom(factor, point = { x: this.#stage.clientWidth / 2, y: this.#stage.clientHeight / 2 }) {
      this.#view?.zoomBy(factor, point);
      this.#render();
    }

    #fit() {
      this.#view?.fit();
      this.#render();
    }

    // --- what is seen and said ---

    #render() {
      if (!this.#boxes) return;
      const { x, y, scale } = this.#view;
      const list = this.#draft || this.#boxes.list;
      this.#image.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
      while (this.#views.length > list.length) this.#views.pop().remove();
      while (this.#views.length < list.length) this.#views.push(this.#makeView());
      list.forEach((box, index) => this.#place(this.#views[index], box, index));
      this.#tools.delete.disabled = this.#selected < 0;
      this.#tools.undo.disabled = !this.#boxes.undoable;
      this.#tools.out.disabled = this.#tools.fit.disabled = this.#view.zoom === 1;
      this.#nothing.disabled = this.#boxes.list.length > 0;
    }

    #makeView() {
      const handles = EDGES.map((edges) => make("div", { className: "handle", attributes: { "data-edges": edges } }));
      const view = make("div", { className: "box", tabIndex: 0, role: "button" }, words(""), ...handles);
      view.firstChild.className = "tag";
      view.addEventListener("focus", () => { if (!this.#gesture) this.#select(this.#views.indexOf(view)); });
      this.#stage.append(view);
      return view;
    }

    #place(view, box, index) {
      const { x, y, scale, size } = this.#view;
      const [width, height] = [box.width * scale, box.height * scale];
      const selected = index === this.#selected;
      const pixels = { left: x + box.left * scale, top: y + box.top * scale, width, height };
      Object.entries(pixels).forEach(([name, value]) => { view.style[name] = `${value}px`; });
      // A small box lies above the one around it, and the chosen one above all.
      const depth = Math.round(1000 * (1 - (box.width * box.height) / (size.width * size.height)));
      view.style.zIndex = selected ? 2000 : depth;
      view.style.setProperty("--colour", COLOURS[Math.max(0, this.#labels.indexOf(box.label)) % COLOURS.length]);
      view.style.setProperty("--out", `${-Math.max(0, Math.min(10, (ROOMY - Math.min(width, height)) / 2))}px`);
      const suggested = this.#suggested.includes(JSON.stringify(box));
      const kinds = { box: true, selected, suggested, slim: width < ROOMY, low: height < ROOMY, above: pixels.top > TAG };
      view.className = Object.keys(kinds).filter((kind) => kinds[kind]).join(" ");
      view.querySelectorAll(".handle").forEach((handle) => { handle.hidden = !selected; });
      view.firstChild.textContent = box.label;
      view.ariaLabel = this.#describe(box, index);
      view.ariaPressed = String(selected);
    }

    #describe(box, index) {
      const [left, top, width, height] = [box.left, box.top, box.width, box.height].map(Math.round);
      const suggested = this.#suggested.includes(JSON.stringify(box)) ? ", suggested" : "";
      return `${box.label}, box ${index + 1}${suggested}: left ${left}, top ${top}, width ${width}, height ${height}`;
    }

    #say() {
      const box = this.#boxes.list[this.#selected];
      const count = this.#boxes.list.length;
      this.#status.textContent = box ? this.#describe(box, this.#selected) : `${count} ${count === 1 ? "box" : "boxes"}`;
    }
  }

  customElements.define("crowd-bounding-box", CrowdBoundingBox);
})();
