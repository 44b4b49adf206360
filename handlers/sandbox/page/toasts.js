// Short notices in a corner: what was refused, and what the server wants this person to know.

import { el, iconButton } from "./dom.js";

const STAYS_MS = 8000;
const shown = new Map();

/** Shows a sentence. A notice with an id is shown once, until it is dismissed. */
export function toast(text, { id = null, dismissed = () => {} } = {}) {
  if (id !== null && shown.has(id)) return;
  const leave = () => {
    node.remove();
    dismissed();
  };
  const node = el("div", { class: "toast", data: { testid: "toast" } },
    el("span", { class: "toast-text" }, text),
    iconButton("✕", "Dismiss notice", { class: "toast-close", onclick: leave }));
  if (id !== null) shown.set(id, node);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.isConnected && leave(), STAYS_MS);
}

/** Makes the toasts match the notices that the server holds. */
export function showNotices(notices, dismiss) {
  for (const [id, node] of shown) {
    if (notices.some((one) => one.id === id)) continue;
    node.remove();
    shown.delete(id);
  }
  for (const { id, text } of notices) toast(text, { id, dismissed: () => dismiss(id) });
}
