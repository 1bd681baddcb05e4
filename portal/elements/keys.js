// Keys, whether they are pressed in the task's frame or outside it. An element takes them by its method takeKey(key), which
// says whether the key meant something; what all may hear is the event crowd-key.
"use strict";

(() => {
  const { isTextField } = window.kempelen;

  // With several elements in one form, the one that has the focus, or else the first that still needs an answer.
  const receiver = () => {
    const takers = [...document.querySelectorAll("crowd-form *")].filter((element) => element.takeKey);
    const focused = takers.find((element) => element.matches(":focus-within"));
    return focused || takers.find((element) => element.value === null) || takers[0];
  };

  const press = (key) => {
    const told = new CustomEvent("crowd-key", { detail: key, cancelable: true });
    return Boolean(receiver()?.takeKey(key)) || !window.dispatchEvent(told);
  };

  // Enter presses a button, and is a new line or a character of the input method in a text.
  const isTyping = (event, target) => {
    if (event.isComposing) return true;
    if (target.closest?.("dialog")) return true;
    if (event.key !== "Enter") return isTextField(target);
    return Boolean(target.closest?.("button, a, select") || (target.closest?.("textarea") && !event.ctrlKey && !event.metaKey));
  };

  window.addEventListener("keydown", (event) => {
    const target = event.composedPath()[0];
    const submits = event.key === "Enter" && (event.ctrlKey || event.metaKey) && isTextField(target);
    if (event.defaultPrevented || event.altKey || event.repeat || isTyping(event, target)) return;
    if ((event.ctrlKey || event.metaKey) && !submits) return;
    // Space presses what has the focus, as everywhere.
    if (event.key === " " && target.closest?.("button, a, [type=checkbox], [type=radio]:not(:checked)")) return;
    const taken = press(event.key);
    if (taken || event.key === "Enter") event.preventDefault();
    if (!taken) parent.postMessage({ kempelen: "key", key: event.key }, "*");
  });
  window.addEventListener("message", ({ source, data }) => {
    if (source === parent && data?.kempelen === "key") press(data.key);
  });
})();
