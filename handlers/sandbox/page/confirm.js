// The confirmation dialog that an element can require.

import { el } from "./dom.js";
import { trapFocus } from "./focus.js";
import { textNodes } from "./text/text_object.js";

/** Resolves to true if the person confirms, to false if they cancel. */
export function confirmed(confirmObject) {
  return new Promise((resolve) => {
    const root = document.getElementById("confirm");
    const answer = (isConfirmed) => {
      release();
      root.replaceChildren();
      resolve(isConfirmed);
    };
    const box = drawDialog(confirmObject, answer);
    root.replaceChildren(el("div", { class: "overlay overlay-above" }, box));
    const release = trapFocus(box, { escape: () => answer(false) });
    box.querySelector(".button-yes").focus();
  });
}

function drawDialog({ title, text, confirm, deny, style }, answer) {
  const confirmClass = `button button-yes ${style === "danger" ? "button-danger" : "button-primary"}`;
  return el("div", {
    class: "dialog dialog-small", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "confirm-title",
  },
    el("h2", { class: "dialog-title", id: "confirm-title" }, ...textNodes(title)),
    el("div", { class: "dialog-body" }, ...textNodes(text)),
    el("div", { class: "dialog-foot" },
      el("button", { type: "button", class: "button", onclick: () => answer(false) },
        ...textNodes(deny || { text: "Cancel" })),
      el("button", { type: "button", class: confirmClass, onclick: () => answer(true) },
        ...textNodes(confirm || { text: "Yes" }))));
}
