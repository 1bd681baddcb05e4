// crowd-radio-group with crowd-radio-button, and crowd-checkbox. Their value is {<value>: whether it is chosen}; what has the
// same name is one object in the answer.
"use strict";

(() => {
  const { CARD, CrowdElement, choice } = window.kempelen;

  const STYLE = `${CARD} .choice { margin: 0; }`;

  class Control extends CrowdElement {
    static style = STYLE;
    static type = "checkbox";
    input = null;

    get checked() {
      return Boolean(this.input?.checked);
    }

    get value() {
      return this.input ? { [this.getAttribute("value") || "on"]: this.checked } : null;
    }

    build(root) {
      const text = this.textContent.trim() || this.getAttribute("value") || "";
      const made = choice(this.constructor.type, text, "", () => this.chosen());
      this.input = made.input;
      this.input.checked = this.hasAttribute("checked");
      this.input.disabled = this.hasAttribute("disabled");
      root.append(made.label);
    }

    chosen() {
      this.changed();
    }
  }

  class CrowdCheckbox extends Control {
    get value() {
      return this.hasAttribute("required") && !this.checked ? null : super.value;
    }
  }

  // Radio buttons in separate shadow trees do not know of one another.
  class CrowdRadioButton extends Control {
    static type = "radio";

    get #buttons() {
      return [...(this.closest("crowd-radio-group")?.querySelectorAll("crowd-radio-button") || [this])];
    }

    get value() {
      return this.#buttons.some((other) => other.checked) ? super.value : null;
    }

    chosen() {
      this.#buttons.filter((other) => other !== this && other.input).forEach((other) => { other.input.checked = false; });
      this.changed();
    }
  }

  class CrowdRadioGroup extends HTMLElement {
    connectedCallback() {
      this.setAttribute("role", "radiogroup");
      this.addEventListener("keydown", (event) => this.#arrow(event));
    }

    // Its buttons are the answer; this only says whether there is one.
    get value() {
      return [...this.querySelectorAll("crowd-radio-button")].some((one) => one.checked) ? {} : null;
    }

    #arrow(event) {
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const buttons = [...this.querySelectorAll("crowd-radio-button")];
      const at = buttons.findIndex((one) => one.matches(":focus-within"));
      if (!by || at < 0) return;
      event.preventDefault();
      const { input } = buttons[(at + by + buttons.length) % buttons.length];
      input.focus();
      input.click();
    }

    takeKey(key) {
      const input = /^[1-9]$/.test(key) && this.querySelectorAll("crowd-radio-button")[Number(key) - 1]?.input;
      if (!input) return false;
      input.focus();
      input.click();
      return true;
    }
  }

  customElements.define("crowd-checkbox", CrowdCheckbox);
  customElements.define("crowd-radio-button", CrowdRadioButton);
  customElements.define("crowd-radio-group", CrowdRadioGroup);
})();
