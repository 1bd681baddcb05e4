// A list of labels to choose one or several of, by pointer or by number key.
"use strict";

(() => {
  const { make, shortcut, words } = window.kempelen;

  // What is suggested is chosen already, and says so.
  const markSuggested = ({ input, label }) => {
    input.checked = true;
    label.classList.add("suggested");
    label.querySelector("span").append(" ", make("span", { className: "tag", textContent: "suggested" }));
  };

  const choice = (type, text, key, change, description) => {
    const input = make("input", { type, name: "choice", value: text });
    if (key) input.setAttribute("aria-keyshortcuts", key);
    input.addEventListener("change", () => change(input));
    const named = words(text);
    if (description) named.append(words(description, "small"));
    const label = make("label", { className: "choice" }, input, named);
    if (key) label.append(shortcut(key));
    return { input, label };
  };

  class Choices {
    inputs = [];
    exclusion = null;

    // `exclusion` is the text of the choice that stands for none of the others.
    constructor({ names, several = false, heading, exclusion, changed, descriptions = new Map(), suggested = [] }) {
      const type = several ? "checkbox" : "radio";
      const group = { role: several ? "group" : "radiogroup", attributes: { "aria-label": heading } };
      this.element = make("div", group, make("h2", { textContent: heading }));
      this.changed = changed;
      names.forEach((name, index) => {
        const key = index < 9 ? String(index + 1) : "";
        const made = choice(type, String(name), key, (input) => this.#onChange(input), descriptions.get(String(name)));
        this.inputs.push(made.input);
        if (suggested.includes(String(name))) markSuggested(made);
        this.element.append(made.label);
      });
      if (exclusion !== undefined) this.#addExclusion(type, exclusion);
    }

    #addExclusion(type, text) {
      const { input, label } = choice(type, text, "0", (changed) => this.#onChange(changed));
      label.classList.add("apart");
      this.exclusion = input;
      this.element.append(label);
    }

    #onChange(input) {
      if (input.checked && input === this.exclusion) this.inputs.forEach((other) => { other.checked = false; });
      else if (input.checked && this.exclusion) this.exclusion.checked = false;
      this.changed(input);
    }

    get chosen() {
      return this.inputs.filter((input) => input.checked).map((input) => input.value);
    }

    at(key) {
      return key === "0" ? this.exclusion : this.inputs[Number(key) - 1];
    }

    // The choice gets the focus too: Enter would otherwise press the button or link that had it.
    take(key) {
      const input = /^\d$/.test(key) ? this.at(key) : null;
      input?.focus();
      input?.click();
      return Boolean(input);
    }
  }

  Object.assign(window.kempelen, { Choices, choice });
})();
