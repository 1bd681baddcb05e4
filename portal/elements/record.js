// kempelen-record: a verdict on every field of a record.
"use strict";

(() => {
  const { CARD, CrowdCard, button, make, shortcut, words } = window.kempelen;

  const VERDICTS = ["accept", "correct", "reject"];
  const NAMES = { accept: "Accept", correct: "Correct", reject: "Reject" };
  const STYLE = `${CARD}
    .top { display: flex; gap: 1rem; align-items: center; justify-content: space-between; margin-bottom: .6rem; }
    .left { margin: 0; color: var(--crowd-soft); }
    .row { display: grid; grid-template-columns: minmax(0, 11rem) minmax(0, 1fr) auto; gap: .4rem 1rem; align-items: center; padding: .65rem .8rem; border-top: 1px solid var(--crowd-line); border-left: 4px solid transparent; }
    .row.current { border-left-color: var(--crowd-accent); }
    .name { color: var(--crowd-soft); overflow-wrap: anywhere; }
    .verdicts { display: flex; gap: .35rem; }
    .verdict { position: relative; display: inline-flex; align-items: center; gap: .45rem; min-height: 2.75rem; padding: 0 .75rem; border: 1px solid var(--crowd-edge); border-radius: 8px; cursor: pointer; }
    .verdict:hover { border-color: var(--crowd-accent); }
    .verdict:has(:checked) { border-color: var(--crowd-accent); background: var(--crowd-chosen); box-shadow: inset 0 0 0 1px var(--crowd-accent); }
    .verdict:has(:focus-visible) { outline: 3px solid var(--crowd-focus); outline-offset: 2px; }
    .verdict :focus-visible { outline: none; }
    .text:empty::before { content: "(empty)"; color: var(--crowd-soft); }
    .rejected .text { text-decoration: line-through; color: var(--crowd-soft); }
    .correction { grid-column: 2 / -1; margin-top: .2rem; }
    @media (max-width: 50rem) {
      .row { grid-template-columns: minmax(0, 1fr); padding: .7rem .2rem .7rem .6rem; }
      .verdict { flex: 1; justify-content: center; padding: 0 .3rem; }
      .correction { grid-column: 1; }
    }
  `;

  const shown = (value) => {
    if (value === null) return "";
    return typeof value === "string" ? value : JSON.stringify(value);
  };

  // A corrected text in the kind of the original; undefined while it is none.
  const KINDS = {
    boolean: { wanted: "true or false", read: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() === "true" : undefined) },
    number: { wanted: "a number", read: (text) => (Number.isFinite(Number(text)) ? Number(text) : undefined) },
    text: { wanted: "the right value", read: (text) => text },
  };

  // One field. Its verdict is null until there is one, and a correction until it is written.
  class Field {
    #radios;
    #kind;

    constructor(name, value, changed) {
      this.name = name;
      this.original = value;
      this.changed = changed;
      this.#kind = KINDS[typeof value] || KINDS.text;
      this.#radios = VERDICTS.map((verdict) => make("input", { type: "radio", name: `verdict ${name}`, value: verdict }));
      const ariaLabel = `Right value of ${name}`;
      this.input = make("input", { className: "field", type: "text", dir: "auto", value: shown(value), ariaLabel });
      if (typeof value === "number") this.input.inputMode = "decimal";
      this.problem = make("p", { className: "problem", role: "alert", hidden: true });
      this.correction = make("div", { className: "correction", hidden: true }, this.input, this.problem);
      this.row = make("div", { className: "row" }, words(name), words(shown(value)), this.#verdicts(), this.correction);
      this.row.children[0].className = "name";
      this.row.children[1].className = "text";
      this.input.addEventListener("input", () => this.#update());
    }

    #verdicts() {
      const group = make("div", { className: "verdicts", role: "radiogroup", ariaLabel: this.name });
      this.#radios.forEach((radio, index) => {
        const label = make("label", { className: "verdict" }, radio, NAMES[radio.value], shortcut(String(index + 1)));
        radio.addEventListener("change", () => this.#update());
        group.append(label);
      });
      return group;
    }

    get chosen() {
      return this.#radios.find((radio) => radio.checked)?.value;
    }

    choose(index) {
      this.#radios[index].focus();
      this.#radios[index].click();
      if (VERDICTS[index] === "correct") this.input.select();
    }

    accept() {
      this.#radios[0].checked = true;
      this.#update();
    }

    focus() {
      (this.#radios.find((radio) => radio.checked) || this.#radios[0]).focus();
    }

    get #corrected() {
      const text = this.input.value.trim();
      return text ? this.#kind.read(text) : undefined;
    }

    get verdict() {
      const { chosen, original } = this;
      if (chosen === "accept") return { verdict: "accept", value: original };
      // A rejected field has no value that anybody vouches for.
      if (chosen === "reject") return { verdict: "reject", value: null };
      if (chosen !== "correct" || this.#corrected === undefined) return null;
      const same = this.#corrected === original || this.input.value.trim() === shown(original).trim();
      return same ? { verdict: "accept", value: original } : { verdict: "correct", value: this.#corrected };
    }

    #update() {
      const correcting = this.chosen === "correct";
      const missing = correcting && this.verdict === null;
      this.correction.hidden = !correcting;
      this.problem.hidden = !missing;
      this.problem.textContent = `Write ${this.#kind.wanted}, or reject the field.`;
      this.input.ariaInvalid = String(missing);
      this.row.classList.toggle("rejected", this.chosen === "reject");
      this.changed();
    }
  }

  class KempelenRecord extends CrowdCard {
    static style = STYLE;
    #fields = null;
    #left = make("p", { className: "left", role: "status" });

    get value() {
      if (!this.#fields || this.#open.length) return null;
      return { fields: Object.fromEntries(this.#fields.map((field) => [field.name, field.verdict])) };
    }

    get #open() {
      return this.#fields.filter((field) => field.verdict === null);
    }

    content() {
      const record = this.json("record", []);
      if (!record || typeof record !== "object" || Array.isArray(record)) {
        this.mistake("record", "a JSON object");
        return [];
      }
      this.#fields = Object.entries(record).map(([name, value]) => new Field(name, value, () => this.#update()));
      const all = button("Accept all that is left", () => this.#acceptAll());
      all.append(shortcut("A"));
      const top = make("div", { className: "top" }, this.#left, all);
      this.shadowRoot.addEventListener("focusin", () => this.#mark());
      this.#fields.forEach((field) => field.input.addEventListener("keydown", (event) => this.#inField(event)));
      this.#update();
      return [top, ...this.#fields.map((field) => field.row)];
    }

    // Numbers are for the field that has the focus, or else the first without a verdict.
    get #current() {
      return this.#fields.find((field) => field.row.matches(":focus-within")) || this.#open[0];
    }

    takeKey(key) {
      if (!this.#fields) return false;
      if (key === "a" || key === "A") this.#acceptAll();
      else if (/^[123]$/.test(key) && this.#current) this.#choose(this.#current, Number(key) - 1);
      else return false;
      return true;
    }

    #choose(field, index) {
      field.choose(index);
      if (VERDICTS[index] !== "correct") this.#next(field);
    }

    #next(field) {
      const after = this.#fields.slice(this.#fields.indexOf(field) + 1).find((other) => other.verdict === null);
      (after || this.#open[0])?.focus();
    }

    // Enter goes on while fields are left, and submits after the last.
    #inField(event) {
      const field = this.#current;
      if (event.key === "Escape") field.focus();
      if (event.key !== "Enter" || event.isComposing || !this.#open.length) return;
      event.preventDefault();
      if (field.verdict) this.#next(field);
    }

    #acceptAll() {
      this.#fields.filter((field) => !field.chosen).forEach((field) => field.accept());
    }

    #mark() {
      const current = this.#current;
      this.#fields.forEach((field) => field.row.classList.toggle("current", field === current));
    }

    #update() {
      const count = this.#open.length;
      this.#left.textContent = count ? `${count} of ${this.#fields.length} left` : "Every field has a verdict";
      this.#mark();
      this.changed();
    }
  }

  customElements.define("kempelen-record", KempelenRecord);
})();
