// kempelen-transcript: whether a text is what was said, and what was said if it is not.
"use strict";

(() => {
  const { CARD, CrowdCard, choice, make, words } = window.kempelen;

  const EMPTY = "The text is empty. Write what is said, or choose “Nothing is said”.";
  const STYLE = `${CARD}
    .text { margin: 0 0 1rem; font-size: 1.2rem; }
    .text:empty::before { content: "(no text)"; color: var(--crowd-soft); }
    .choices { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .6rem; }
    .choice { margin: 0; }
    .field { margin-top: .8rem; font-size: 1.1rem; scroll-margin-bottom: 6rem; }
    @media (max-width: 50rem) { .choices { grid-template-columns: minmax(0, 1fr); } }
  `;

  class KempelenTranscript extends CrowdCard {
    static style = STYLE;
    #original = "";
    #inputs = [];
    #area = null;
    #problem;

    // A correction that changes nothing is an acceptance.
    get value() {
      const [right, wrong, silent] = this.#inputs.map((input) => input.checked);
      const corrected = silent ? "" : this.#area?.value.trim();
      if (right || ((wrong || silent) && corrected === this.#original.trim())) {
        return { verdict: "accept", transcript: this.#original };
      }
      if (silent || (wrong && corrected)) return { verdict: "correct", transcript: corrected };
      return null;
    }

    content() {
      this.#original = this.getAttribute("transcript") || "";
      const text = words(this.#original, "p");
      text.className = "text";
      text.id = "text";
      this.#area = make("textarea", {
        className: "field",
        dir: "auto",
        rows: 3,
        value: this.#original,
        hidden: true,
        ariaLabel: "What is said",
        attributes: { "aria-describedby": "problem" },
      });
      this.#area.addEventListener("input", () => this.#update());
      // Leaves the field, so that keys are keys again.
      this.#area.addEventListener("keydown", (event) => { if (event.key === "Escape") this.#inputs[1].focus(); });
      this.#problem = make("p", { className: "problem", id: "problem", role: "alert", textContent: EMPTY, hidden: true });
      return [text, this.#choices(), this.#area, this.#problem];
    }

    #choices() {
      const group = make("div", { className: "choices", role: "radiogroup", ariaLabel: "Is the text right?" });
      ["The text is right", "Correct the text", "Nothing is said"].forEach((text, index) => {
        const { input, label } = choice("radio", text, String(index + 1), () => this.#update());
        this.#inputs.push(input);
        group.append(label);
      });
      return group;
    }

    takeKey(key) {
      const input = this.#inputs[Number(key) - 1];
      if (!input) return false;
      input.focus();
      input.click();
      if (input === this.#inputs[1]) this.#area.focus();
      return true;
    }

    #update() {
      const correcting = this.#inputs[1].checked;
      const opened = correcting && this.#area.hidden;
      this.#area.hidden = !correcting;
      if (opened) this.#area.scrollIntoView({ block: "nearest" }); // on a phone it is below the window
      const empty = correcting && this.value === null;
      this.#problem.hidden = !empty;
      this.#area.ariaInvalid = String(empty);
      this.changed();
    }
  }

  customElements.define("kempelen-transcript", KempelenTranscript);
})();
