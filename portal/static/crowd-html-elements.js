// The elements of crowd-html-elements that Kempelen's worker templates use, under their documented names and attributes:
// crowd-form, crowd-image-classifier, full-instructions, short-instructions.
// https://docs.aws.amazon.com/sagemaker/latest/dg/sms-ui-template-reference.html
// AWS serves its own implementation to its own portal; this one stands in for it in the local cloud's portal.
"use strict";

(() => {
  const STYLE = `
    :host { display: block; height: 100%; }
    * { box-sizing: border-box; }
    .board { display: grid; grid-template: auto 1fr / 15rem minmax(0, 1fr) 17rem; height: 100%; }
    header { grid-column: 1 / -1; padding: 1.1rem 1.5rem .3rem; font-size: 1.35rem; font-weight: 600; letter-spacing: -.01em; text-align: center; }
    aside { padding: 1.25rem 1.5rem; overflow: auto; font-size: .93rem; color: #43535b; }
    h2 { margin: 0 0 .6rem; font-size: .78rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; color: #5b6b73; }
    figure { position: relative; margin: .75rem 0 1.25rem; min-width: 0; min-height: 0; display: flex; align-items: center; justify-content: center; background: #e9eeef; border-radius: 14px; overflow: hidden; }
    img { width: 100%; height: 100%; object-fit: contain; }
    figure p { position: absolute; margin: 0; padding: 1rem; color: #b42318; text-align: center; }
    .link { padding: 0; border: 0; background: none; font: inherit; color: #0f766e; text-decoration: underline; cursor: pointer; }
    label { display: flex; align-items: center; gap: .7rem; padding: .7rem .85rem; margin-bottom: .55rem; font-size: 1rem; color: #16242b; background: #fff; border: 1px solid #c8d2d5; border-radius: 10px; cursor: pointer; overflow-wrap: anywhere; }
    label:hover { border-color: #0f766e; }
    label:has(:checked) { border-color: #0f766e; background: #ecfdf9; box-shadow: inset 0 0 0 1px #0f766e; }
    label:has(:focus-visible) { outline: 3px solid #5eead4; outline-offset: 2px; }
    input { width: 1.15rem; height: 1.15rem; margin: 0; accent-color: #0f766e; flex: none; }
    kbd { margin-left: auto; font: 600 .72rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; color: #5b6b73; background: #f4f7f7; border: 1px solid #dde4e6; border-radius: 4px; padding: 0 .4rem; }
    dialog { max-width: 38rem; padding: 1.75rem; border: 0; border-radius: 14px; box-shadow: 0 24px 60px -20px rgb(22 36 43 / .5); color: #16242b; }
    dialog::backdrop { background: rgb(22 36 43 / .35); }
    dialog h2 { font-size: 1.2rem; letter-spacing: 0; text-transform: none; color: inherit; }
    dialog button.close { margin-top: 1rem; min-height: 2.4rem; padding: 0 1rem; font: inherit; background: #fff; border: 1px solid #c8d2d5; border-radius: 8px; cursor: pointer; }
    @media (max-width: 50rem) {
      :host { overflow: auto; }
      .board { display: flex; flex-direction: column; height: auto; }
      figure { height: 42vh; margin: .75rem 1rem 0; flex: none; }
      .instructions { order: 1; }
      kbd { display: none; }
    }
  `;

  // Children are not there yet while the parser is inside the element, so every element builds itself afterwards.
  const whenParsed = (build) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", build, { once: true });
    else build();
  };

  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };

  class CrowdImageClassifier extends HTMLElement {
    #choices = [];

    connectedCallback() {
      whenParsed(() => this.#build());
    }

    // What the form submits under this element's name; null until something is chosen.
    get value() {
      const chosen = this.#choices.find((choice) => choice.checked);
      return chosen ? { label: chosen.value } : null;
    }

    #build() {
      const root = this.attachShadow({ mode: "open" });
      const board = make("div", { className: "board" });
      board.append(
        make("header", { textContent: this.getAttribute("header") || "" }),
        this.#instructions(root),
        this.#image(),
        this.#categories(),
      );
      root.append(make("style", { textContent: STYLE }), board);
      window.addEventListener("crowd-key", ({ detail }) => this.#choose(this.#choices[Number(detail) - 1]));
    }

    // The choice gets the focus too: Enter would otherwise press the button or link that had it.
    #choose(choice) {
      choice?.focus();
      choice?.click();
    }

    #instructions(root) {
      const brief = this.querySelector("short-instructions");
      const full = this.querySelector("full-instructions");
      const aside = make("aside", { className: "instructions" }, make("h2", { textContent: "Instructions" }));
      if (brief) aside.append(make("div", { innerHTML: brief.innerHTML }));
      if (full) {
        const close = make("button", { className: "close", type: "button", textContent: "Close" });
        const title = make("h2", { textContent: full.getAttribute("header") || "Instructions" });
        const dialog = make("dialog", {}, title, make("div", { innerHTML: full.innerHTML }), close);
        const open = make("button", { className: "link", type: "button", textContent: "View full instructions" });
        open.addEventListener("click", () => dialog.showModal());
        close.addEventListener("click", () => dialog.close());
        aside.append(open);
        root.append(dialog);
      }
      return aside;
    }

    #image() {
      const image = make("img", { alt: "The image to label" });
      const figure = make("figure", {}, image);
      image.addEventListener("error", () => {
        image.remove();
        figure.append(make("p", { role: "alert", textContent: "The image could not be loaded. Skip this task, please." }));
      });
      // As on AWS, the image is fetched across origins, so that a bucket without CORS shows nothing.
      image.crossOrigin = "anonymous";
      image.src = this.getAttribute("src");
      return figure;
    }

    #categories() {
      const aside = make("aside", { role: "radiogroup" }, make("h2", { textContent: "Select an option" }));
      this.#choices = JSON.parse(this.getAttribute("categories") || "[]").map((name) => {
        const choice = make("input", { type: "radio", name: "category", value: name });
        choice.addEventListener("change", () => this.dispatchEvent(new Event("change", { bubbles: true })));
        return choice;
      });
      this.#choices.forEach((choice, index) => {
        const label = make("label", {}, choice, make("span", { textContent: choice.value }));
        if (index < 9) label.append(make("kbd", { textContent: String(index + 1) }));
        aside.append(label);
      });
      return aside;
    }
  }

  class CrowdForm extends HTMLElement {
    #submit = make("button", { type: "button", textContent: "Submit", disabled: true });

    connectedCallback() {
      whenParsed(() => this.#build());
    }

    #build() {
      const style = make("style", {
        textContent: `
          html, body { height: 100%; margin: 0; }
          body { font: 16px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: #16242b; background: #f4f7f7; }
          crowd-form { display: grid; grid-template-rows: minmax(0, 1fr) auto; height: 100%; }
          full-instructions, short-instructions { display: none; }
          .crowd-footer { display: flex; gap: 1rem; justify-content: flex-end; align-items: center; padding: .75rem 1.5rem; background: #fff; border-top: 1px solid #dde4e6; color: #5b6b73; font-size: .9rem; }
          @media (max-width: 50rem) { .crowd-footer span { display: none; } .crowd-footer button { flex: 1; } }
          .crowd-footer button { min-width: 9rem; min-height: 2.6rem; font: 600 1rem system-ui, "DejaVu Sans", sans-serif; color: #fff; background: #0f766e; border: 0; border-radius: 8px; cursor: pointer; }
          .crowd-footer button:disabled { background: #9fb3b1; cursor: default; }
          .crowd-footer button:focus-visible { outline: 3px solid #5eead4; outline-offset: 2px; }
        `,
      });
      const hint = make("span", { textContent: "Number keys choose, Enter submits" });
      this.append(style, make("div", { className: "crowd-footer" }, hint, this.#submit));
      this.addEventListener("change", () => { this.#submit.disabled = !this.#complete(); });
      this.#submit.addEventListener("click", () => this.#send());
      window.addEventListener("crowd-key", ({ detail }) => { if (detail === "Enter") this.#send(); });
      window.addEventListener("message", ({ source, data }) => {
        if (source === parent && data?.kempelen === "refused") this.#submit.disabled = false;
      });
    }

    #named() {
      return [...this.querySelectorAll("[name]")];
    }

    #complete() {
      return this.#named().every((element) => element.value);
    }

    #send() {
      if (this.#submit.disabled) return;
      this.#submit.disabled = true;
      const answer = Object.fromEntries(this.#named().map((element) => [element.getAttribute("name"), element.value]));
      parent.postMessage({ kempelen: "submit", answer }, "*");
    }
  }

  const press = (key) => window.dispatchEvent(new CustomEvent("crowd-key", { detail: key }));
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Enter" && event.composedPath()[0].closest?.("button, a")) return;
    if (event.key === "Enter") event.preventDefault();
    press(event.key);
    parent.postMessage({ kempelen: "key", key: event.key }, "*");
  });
  window.addEventListener("message", ({ source, data }) => {
    if (source === parent && data?.kempelen === "key") press(data.key);
  });

  customElements.define("crowd-image-classifier", CrowdImageClassifier);
  customElements.define("crowd-form", CrowdForm);
})();
