// crowd-image-classifier, crowd-classifier, and of both the kinds that take several labels.
"use strict";

(() => {
  const { Choices, CrowdBoard, failedImage, make } = window.kempelen;

  const NOTE = "An answer is suggested. Accept it if it is right, or choose another.";

  const imageOf = (element) => {
    const image = make("img", { alt: "The image to label" });
    const figure = make("figure", {}, image);
    image.addEventListener("error", () => image.replaceWith(failedImage()));
    // As on AWS, the image is fetched across origins, so that a bucket without CORS shows nothing.
    image.crossOrigin = "anonymous";
    image.src = element.getAttribute("src");
    return figure;
  };

  const targetOf = (element) => {
    const target = element.querySelector("classification-target");
    if (target) target.slot = "target";
    const properties = { className: "target", dir: "auto", tabIndex: 0, role: "region", ariaLabel: "To classify" };
    return make("div", properties, make("slot", { name: "target" }));
  };

  class Classifier extends CrowdBoard {
    choices = null;

    get value() {
      const chosen = this.choices?.chosen[0];
      return chosen === undefined ? null : { label: chosen };
    }

    note() {
      return this.suggestion ? [make("p", { className: "note", textContent: NOTE })] : [];
    }

    get suggested() {
      const { label, labels = [label] } = this.suggestion || {};
      return labels;
    }

    centre() {
      return this.hasAttribute("src") ? imageOf(this) : targetOf(this);
    }

    side() {
      this.choices = new Choices({
        names: this.json("categories", []),
        heading: "Select an option",
        descriptions: this.descriptions(),
        suggested: this.suggested,
        changed: () => this.changed(),
      });
      return make("aside", {}, ...this.note(), this.choices.element);
    }

    takeKey(key) {
      return this.choices.take(key);
    }
  }

  class MultiClassifier extends Classifier {
    // The exclusion category says that no label applies: an empty list, as AWS documents it.
    get value() {
      const labels = this.choices?.chosen || [];
      return labels.length || this.choices?.exclusion?.checked ? { labels } : null;
    }

    side() {
      this.choices = new Choices({
        names: this.json("categories", []),
        several: true,
        heading: "Select all that apply",
        descriptions: this.descriptions(),
        suggested: this.suggested,
        exclusion: this.json("exclusion-category", {}).text,
        changed: () => this.changed(),
      });
      return make("aside", {}, ...this.note(), this.choices.element);
    }
  }

  customElements.define("crowd-image-classifier", class extends Classifier {});
  customElements.define("crowd-image-classifier-multi-select", class extends MultiClassifier {});
  customElements.define("crowd-classifier", class extends Classifier {});
  customElements.define("crowd-classifier-multi-select", class extends MultiClassifier {});
})();
