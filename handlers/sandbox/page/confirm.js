// "Are you sure?": the small dialog that an element can ask for before it acts.

import { el } from "./dom.js";
import { trapFocus } from "./focus.js";
import { textNodes } from "./text/text_object.js";

/** Resolves to true once the person agreed, to false if they turned away. */
export function confirmed(question) {
  return new Promise((settle) => {
    const root = document.getElementById("confirm");
    const answer = (isYes) => {
      release();
      root.replaceChildren();
      settle(isYes);
    };
    const box = drawQuestion(question, answer);
    root.replaceChildren(el("div", { class: "overlay overlay-above" }, box));
    const release = trapFocus(box, { escape: () => answer(false) });
    box.querySelector(".button-yes").focus();
  });
}

function drawQuestion({ title, text, confirm, deny, style }, answer) {
  const yes = `button button-yes ${style === "danger" ? "button-danger" : "button-primary"}`;
  return el("div", {
    class: "dialog dialog-small", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-title",
  },
    el("h2", { class: "dialog-title", id: "confirm-title" }, ...textNodes(title)),
    el("div", { class: "dialog-body" }, ...textNodes(text)),
    el("div", { class: "dialog-foot" },
      el("button", { type: "button", class: "button", onclick: () => answer(false) },
        ...textNodes(deny || { text: "Cancel" })),
      el("button", { type: "button", class: yes, onclick: () => answer(true) },
        ...textNodes(confirm || { text: "Yes" }))));
}
