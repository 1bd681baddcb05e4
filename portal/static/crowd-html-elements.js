// The elements of crowd-html-elements that Kempelen's worker templates use, under their documented names and attributes,
// and Kempelen's own (kempelen-…).
// https://docs.aws.amazon.com/sagemaker/latest/dg/sms-ui-template-reference.html
// AWS serves its own implementation to Ground Truth's portal; this one serves our own, and the local cloud's.
"use strict";

(() => {
  // In this order: the form listens before the elements inside it say what their first value is.
  const PARTS = [
    "theme", "common", "keys", "form", "choices", "classifiers", "boxes", "image-view", "bounding-box", "text-area", "waveform",
    "audio", "transcript", "record", "controls",
  ];
  const here = document.currentScript.src;
  for (const part of PARTS) {
    const script = document.createElement("script");
    script.src = new URL(`elements/${part}.js`, here);
    script.async = false;
    document.head.append(script);
  }
})();
