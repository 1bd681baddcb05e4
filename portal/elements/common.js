// What every element is made of.
"use strict";

(() => {
  const { BOARD, CARD, STYLE, THEME } = window.kempelen;

  const make = (tag, properties, ...children) => {
    const { attributes = {}, ...rest } = properties || {};
    const element = Object.assign(document.createElement(tag), rest);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  };

  // Before anything of the template, so that the template's own styles win.
  document.head.prepend(make("style", { textContent: THEME }));

  // Children are not there yet while the parser is inside the element, so every element builds itself afterwards.
  const whenParsed = (build) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", build, { once: true });
    else build();
  };

  // AWS's examples write {text: 'None'} and ['a', 'b'] too, which is not JSON.
  const lenientJson = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      const token = /"(?:[^"\\]|\\.)*"|'((?:[^'\\]|\\.)*)'|([A-Za-z_]\w*)(?=\s*:)/g;
      const quoted = (inner) => JSON.stringify(inner.replace(/\\(.)/g, "$1"));
      return JSON.parse(text.replace(token, (whole, single, key) => {
        if (single !== undefined) return quoted(single);
        return key === undefined ? whole : quoted(key);
      }));
    }
  };

  // Reading direction follows the text itself, not its surroundings.
  const words = (text, tag = "span") => make(tag, { dir: "auto", textContent: text });

  const shortcut = (key) => make("kbd", { textContent: key, ariaHidden: "true" });

  // The pointer must not take the focus away from what the worker is at; the keyboard's Tab still reaches the button.
  const button = (text, press, properties) => {
    const made = make("button", { type: "button", className: "button", ...properties }, text);
    made.addEventListener("mousedown", (event) => event.preventDefault());
    made.addEventListener("click", press);
    return made;
  };

  // Of labels in any order.
  const isSame = (one, other) => {
    const inOrder = (value) => JSON.stringify(value?.labels ? [...value.labels].sort() : value?.label);
    return Boolean(one) && inOrder(one) === inOrder(other);
  };

  class CrowdElement extends HTMLElement {
    static style = "";
    #suggestion;

    connectedCallback() {
      whenParsed(() => {
        if (this.shadowRoot) return;
        const root = this.attachShadow({ mode: "open" });
        root.append(make("style", { textContent: STYLE + this.constructor.style }));
        this.build(root);
        this.changed();
      });
    }

    // What the form submits under this element's name; null until it is complete.
    get value() {
      return null;
    }

    // A value of this element that is suggested; null where nothing is.
    get suggestion() {
      if (this.#suggestion === undefined) this.#suggestion = this.json("suggestion", null);
      return this.#suggestion;
    }

    // Whether submitting means to accept it.
    get accepts() {
      return this.suggestion !== null && isSame(this.value, this.suggestion);
    }

    changed() {
      this.dispatchEvent(new Event("change", { bubbles: true }));
    }

    // The JSON of an attribute; a template's mistake is said on the page, where its author looks.
    json(name, fallback) {
      if (!this.hasAttribute(name)) return fallback;
      try {
        return lenientJson(this.getAttribute(name));
      } catch {
        this.mistake(name, "JSON");
        return fallback;
      }
    }

    mistake(name, wanted) {
      const text = `The template is wrong: the attribute ${name} of ${this.localName} is not ${wanted}.`;
      this.shadowRoot.append(make("p", { className: "problem", role: "alert", textContent: text }));
    }

    header() {
      const header = words(this.getAttribute("header") || "", "header");
      if (header.textContent) header.role = "heading";
      header.ariaLevel = "1";
      return header;
    }

    // What the template's instructions say of each label, by the label.
    descriptions() {
      const terms = [...this.querySelectorAll("full-instructions dl[data-labels] dt")];
      return new Map(terms.map((term) => [term.textContent, term.nextElementSibling?.textContent]));
    }

    // The template's instructions, brief and, in a dialog, full; null when it has none.
    instructions(root) {
      const brief = this.querySelector("short-instructions");
      const full = this.querySelector("full-instructions");
      if (!brief && !full) return null;
      const aside = make("aside", { className: "instructions" }, make("h2", { textContent: "Instructions" }));
      if (brief) aside.append(make("div", { innerHTML: brief.innerHTML }));
      if (full) {
        const title = make("h2", { id: "full", textContent: full.getAttribute("header") || "Instructions" });
        const close = button("Close", () => dialog.close());
        const named = { attributes: { "aria-labelledby": "full" } };
        const dialog = make("dialog", named, title, make("div", { innerHTML: full.innerHTML }), close);
        const open = button("View full instructions", () => dialog.showModal(), { className: "link" });
        aside.append(open);
        root.append(dialog);
      }
      return aside;
    }
  }

  // An element that fills the form: header, instructions, centre and side.
  class CrowdBoard extends CrowdElement {
    static style = BOARD;

    build(root) {
      const instructions = this.instructions(root) || make("aside", { className: "instructions", ariaHidden: "true" });
      root.append(make("div", { className: "board" }, this.header(), instructions, this.centre(), this.side()));
    }
  }

  // An element of its height, one below the other.
  class CrowdCard extends CrowdElement {
    static style = CARD;

    build(root) {
      const instructions = this.instructions(root);
      root.append(this.header(), make("div", { className: "card" }, ...this.content()));
      if (instructions) root.append(instructions);
    }
  }

  const failedImage = () => make("p", {
    className: "problem",
    role: "alert",
    textContent: "The image could not be loaded. Skip this task, please.",
  });

  const isTextField = (element) => Boolean(element.closest?.(
    "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=range])",
  ));

  Object.assign(window.kempelen, {
    CrowdBoard, CrowdCard, CrowdElement, button, failedImage, isTextField, make, shortcut, whenParsed, words,
  });
})();
