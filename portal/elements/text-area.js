// crowd-text-area: a text of several lines.
"use strict";

(() => {
  const { CARD, CrowdElement, make, words } = window.kempelen;

  const STYLE = `${CARD}
    label { display: block; margin-bottom: .4rem; font-weight: 600; overflow-wrap: anywhere; }
    .below { display: flex; gap: 1rem; justify-content: space-between; margin-top: .45rem; font-size: .85rem; color: var(--crowd-soft); }
    .below:empty { display: none; }
  `;

  class CrowdTextArea extends CrowdElement {
    static style = STYLE;
    #area = null;
    #count = make("span", { textContent: "" });

    // An empty text is an answer, unless one is required.
    get value() {
      if (!this.#area) return null;
      return this.hasAttribute("required") && !this.#area.value.trim() ? null : this.#area.value;
    }

    build(root) {
      const required = this.hasAttribute("required");
      const text = this.getAttribute("label") || "Your text";
      const label = make("label", { htmlFor: "area" }, words(text));
      this.#area = make("textarea", {
        id: "area",
        className: "field",
        dir: "auto",
        rows: Number(this.getAttribute("rows")) || 4,
        value: this.getAttribute("value") || "",
        placeholder: this.getAttribute("placeholder") || "",
        disabled: this.hasAttribute("disabled"),
        required,
      });
      if (this.hasAttribute("max-length")) this.#area.maxLength = Number(this.getAttribute("max-length"));
      this.#area.addEventListener("input", () => this.#edited());
      const below = make("div", { className: "below" });
      if (required) below.append(make("span", { textContent: "Required" }));
      if (this.hasAttribute("char-counter")) below.append(this.#count);
      root.append(make("div", {}, ...(this.hasAttribute("label") ? [label] : []), this.#area, below));
      if (!this.hasAttribute("label")) this.#area.ariaLabel = text;
      if (this.hasAttribute("auto-focus")) this.#focusFirst();
      this.#edited();
    }

    // A frame of another origin may only take the focus once the page around has given it to the frame.
    #focusFirst() {
      this.#area.focus();
      window.addEventListener("focus", () => {
        if (document.activeElement === document.body) this.#area.focus();
      }, { once: true });
    }

    #edited() {
      const { length } = this.#area.value;
      this.#count.textContent = this.#area.maxLength > 0 ? `${length} of ${this.#area.maxLength}` : String(length);
      this.changed();
    }
  }

  customElements.define("crowd-text-area", CrowdTextArea);
})();
