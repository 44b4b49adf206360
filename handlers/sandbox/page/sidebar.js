// The sidebar: channels, direct messages and apps.

import { HOME } from "./address.js";
import { avatar } from "./avatar.js";
import { focusComposer } from "./composer.js";
import { appChannel, channelTitle, directory } from "./directory.js";
import { el } from "./dom.js";
import { go, messagesIn, session } from "./session.js";
import { unreadIn } from "./unread.js";

export function showSidebar() {
  const open = directory.channels.filter((channel) => !channel.archived);
  const channels = open.filter((channel) => channel.kind !== "im").sort((a, b) => a.name.localeCompare(b.name));
  const dms = open.filter((channel) => channel.kind === "im" && channel.peer !== directory.app.user);
  const root = document.getElementById("sidebar");
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
  root.replaceChildren(
    el("div", { class: "workspace-name" }, directory.workspace.name),
    list("Channels", channels.map(channelRow)),
    dms.length ? list("Direct messages", dms.map(dmRow)) : "",
    list("Apps", [appRow()]));
  if (focused) root.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
}

function list(heading, rows) {
  return el("section", { class: "sidebar-section" }, el("h2", {}, heading), ...rows);
}

const channelRow = (channel) =>
  row(channel.id, channel.kind === "private" ? "🔒" : "#", channel.name, { count: unreadIn(channel.id) });

const dmRow = (channel) =>
  row(channel.id, avatar(channel.peer, "tiny"), channelTitle(channel), { count: unreadIn(channel.id), loud: true });

/** The app's row opens its messages if there are any, else its Home tab. */
function appRow() {
  const dm = appChannel();
  const mark = avatar(directory.app.user || "", "tiny");
  const isCurrent = [HOME, dm?.id].includes(session.place);
  return row(dm?.id || HOME, mark, directory.app.name || "App", {
    count: dm ? unreadIn(dm.id) : 0, loud: true, isCurrent,
    place: messagesIn(dm?.id).length ? dm.id : HOME,
  });
}

function row(id, mark, name, { count, loud = false, isCurrent = session.place === id, place = id }) {
  const isNew = count > 0 && !isCurrent;
  return el("button", {
    type: "button", class: isNew ? "row row-new" : "row", data: { channel: id },
    "aria-current": isCurrent ? "page" : null,
    onclick: async () => {
      document.body.classList.remove("sidebar-open");
      await go({ place });
      focusComposer("pane");
    },
  }, el("span", { class: "row-mark", "aria-hidden": "true" }, mark), el("span", { class: "row-name" }, name),
  isNew && loud ? el("span", { class: "badge" }, String(count)) : null,
  isNew ? el("span", { class: "unseen" }, " (unread)") : null);
}
