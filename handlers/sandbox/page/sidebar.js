// The dark column at the left: channels, direct messages, apps.

import { HOME } from "./address.js";
import { avatar } from "./avatar.js";
import { focusComposer } from "./composer.js";
import { appChannel, channelTitle, directory } from "./directory.js";
import { el } from "./dom.js";
import { go, messagesIn, session } from "./session.js";
import { unreadIn } from "./unread.js";

export function showSidebar() {
  const open = directory.channels.filter((one) => !one.archived);
  const rooms = open.filter((one) => one.kind !== "im").sort((a, b) => a.name.localeCompare(b.name));
  const chats = open.filter((one) => one.kind === "im" && one.peer !== directory.app.user);
  const root = document.getElementById("sidebar");
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
  root.replaceChildren(
    el("div", { class: "workspace-name" }, directory.workspace.name),
    list("Channels", rooms.map(roomRow)),
    chats.length ? list("Direct messages", chats.map(chatRow)) : "",
    list("Apps", [appRow()]));
  if (focused) root.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
}

function list(heading, rows) {
  return el("section", { class: "sidebar-section" }, el("h2", {}, heading), ...rows);
}

const roomRow = (one) => row(one.id, one.kind === "private" ? "🔒" : "#", one.name, { count: unreadIn(one.id) });

const chatRow = (one) =>
  row(one.id, avatar(one.peer, "tiny"), channelTitle(one), { count: unreadIn(one.id), loud: true });

/** The app's row opens its messages if it ever wrote any, else its Home tab. */
function appRow() {
  const chat = appChannel();
  const mark = avatar(directory.app.user || "", "tiny");
  const isCurrent = [HOME, chat?.id].includes(session.place);
  return row(chat?.id || HOME, mark, directory.app.name || "App", {
    count: chat ? unreadIn(chat.id) : 0, loud: true, isCurrent,
    place: messagesIn(chat?.id).length ? chat.id : HOME,
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
