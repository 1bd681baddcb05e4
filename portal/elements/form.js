// crowd-form: the Submit button, and the answer of all named elements.
"use strict";

(() => {
  const { make, shortcut, whenParsed } = window.kempelen;

  const STYLE = `
    crowd-form { display: flex; flex-direction: column; height: 100%; overflow: auto; }
    crowd-form > :is(audio, video, h1, h2, h3, h4, p, ul, ol) { flex: none; width: min(53rem, calc(100% - 2rem)); margin: 1.1rem auto 0; overflow-wrap: anywhere; }
    .crowd-footer { position: sticky; bottom: 0; z-index: 1; display: flex; gap: 1rem; justify-content: flex-end; align-items: center; margin-top: auto; padding: .75rem 1.5rem; background: var(--crowd-card); border-top: 1px solid var(--crowd-line); color: var(--crowd-soft); font-size: .9rem; }
    .crowd-footer button { min-width: 9rem; padding: 0 1.1rem; min-height: 2.75rem; font: 600 1rem system-ui, "DejaVu Sans", sans-serif; color: var(--crowd-on-accent); background: var(--crowd-accent); border: 0; border-radius: 8px; cursor: pointer; }
    .crowd-footer kbd { margin-left: .6rem; padding: 0 .4rem; font: 600 .75rem ui-monospace, "DejaVu Sans Mono", monospace; border: 1px solid; border-radius: 4px; opacity: .85; }
    .crowd-footer button:disabled { color: var(--crowd-on-off); background: var(--crowd-off); cursor: default; }
    .crowd-footer button:focus-visible { outline: 3px solid var(--crowd-focus); outline-offset: 2px; }
    @media (max-width: 50rem) { .crowd-footer { padding: .75rem 1rem; } .crowd-footer span { display: none; } .crowd-footer button { flex: 1; } .crowd-footer kbd { display: none; } }
  `;
  const WITH_TEXT = "crowd-text-area, kempelen-transcript, textarea";
  const TOGETHER = "crowd-checkbox, crowd-radio-button";

  // An element of ours has null for "not yet", so that an empty text can be an answer.
  const isComplete = (element) => {
    if (element.localName.includes("-")) return element.value !== null && element.value !== undefined;
    return Boolean(element.value);
  };

  // Checkboxes of one name are one object.
  const answerOf = (elements) => {
    const values = new Map();
    for (const element of elements) {
      const name = element.getAttribute("name");
      const { value } = element;
      values.set(name, element.matches(TOGETHER) ? { ...values.get(name), ...value } : value);
    }
    return Object.fromEntries(values);
  };

  class CrowdForm extends HTMLElement {
    #submit = make("button", { type: "button", textContent: "Submit", disabled: true });
    #built = false;

    connectedCallback() {
      whenParsed(() => this.#build());
    }

    #build() {
      if (this.#built) return;
      this.#built = true;
      const enter = this.querySelector(WITH_TEXT) ? "Enter submits, in a text field Ctrl+Enter" : "Enter submits";
      const hint = make("span", { textContent: `Number keys choose, ${enter}` });
      document.head.append(make("style", { textContent: STYLE }));
      this.append(make("div", { className: "crowd-footer" }, hint, this.#submit));
      const look = () => {
        this.#submit.disabled = !this.#named().every(isComplete);
        this.#say();
      };
      this.addEventListener("change", look);
      this.addEventListener("input", look);
      this.#submit.addEventListener("click", () => this.#send());
      window.addEventListener("crowd-key", ({ detail }) => { if (detail === "Enter") this.#send(); });
      window.addEventListener("message", ({ source, data }) => {
        if (source === parent && data?.kempelen === "refused") look();
      });
    }

    // What the button means at this moment, and the key that presses it.
    #say() {
      const accepts = this.#named().some((element) => element.accepts);
      this.#submit.replaceChildren(...(accepts ? ["Accept suggestion", shortcut("Enter")] : ["Submit"]));
    }

    #named() {
      return [...this.querySelectorAll("[name]")];
    }

    #send() {
      if (this.#submit.disabled) return;
      // As AWS documents it, a template may look at the answer first and prevent the event.
      if (!this.dispatchEvent(new Event("submit", { cancelable: true }))) return;
      this.#submit.disabled = true;
      parent.postMessage({ kempelen: "submit", answer: answerOf(this.#named()) }, "*");
    }
  }

  customElements.define("crowd-form", CrowdForm);
})();
