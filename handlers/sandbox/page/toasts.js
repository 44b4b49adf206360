// Toasts: errors, and notices from the server.

import { el, iconButton } from "./dom.js";

const DURATION_MS = 8000;
const shown = new Map();

/** Shows a toast. One with an id is shown only once, until it is dismissed. */
export function toast(text, { id = null, dismissed = () => {} } = {}) {
  if (id !== null && shown.has(id)) return;
  const close = () => {
    node.remove();
    dismissed();
  };
  const node = el("div", { class: "toast", data: { testid: "toast" } },
    el("span", { class: "toast-text" }, text),
    iconButton("✕", "Dismiss notice", { class: "toast-close", onclick: close }));
  if (id !== null) shown.set(id, node);
  document.getElementById("toasts").append(node);
  setTimeout(() => node.isConnected && close(), DURATION_MS);
}

/** Makes the toasts match the notices on the server. */
export function showNotices(notices, dismiss) {
  for (const [id, node] of shown) {
    if (notices.some((notice) => notice.id === id)) continue;
    node.remove();
    shown.delete(id);
  }
  for (const { id, text } of notices) toast(text, { id, dismissed: () => dismiss(id) });
}
