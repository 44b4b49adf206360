// The toolbar of a message: reply in thread, and the app's message shortcuts.

import { focusComposer } from "./composer.js";
import { directory } from "./directory.js";
import { el, iconButton } from "./dom.js";
import { openMenu } from "./menu.js";
import { act, go } from "./session.js";

export function messageTools(message, { channelId, inThread }) {
  const shortcuts = (directory.app.shortcuts || []).filter(({ type }) => type === "message");
  const root = message.thread_ts || message.ts;
  const reply = inThread ? null : iconButton("💬", "Reply in thread", {
    class: "tool", onclick: () => go({ thread: root }).then(() => focusComposer("thread")),
  });
  const more = shortcuts.length ? iconButton("⋮", "More actions", {
    class: "tool", "aria-haspopup": "menu", "aria-expanded": "false",
    onclick: () => openMenu(more, shortcuts.map((shortcut) => menuItem(shortcut, channelId, message)), { heading: directory.app.name }),
  }) : null;
  return el("div", { class: "tools", role: "group", "aria-label": "Message actions" }, reply, more);
}

function menuItem({ name, callback_id: id }, channelId, { ts }) {
  return { label: name, choose: () => act("shortcut", { callback_id: id, channel: channelId, ts }) };
}
