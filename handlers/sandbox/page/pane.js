// The main pane: header, messages or Home tab, and composer.

import { HOME } from "./address.js";
import { avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { appChannel, channel, channelTitle, directory } from "./directory.js";
import { el, iconButton } from "./dom.js";
import { showHome } from "./home.js";
import { MessageList } from "./message_list.js";
import { go, messagesIn, session } from "./session.js";

let parts = null;

export function showPane() {
  parts ??= build();
  const isHome = session.place === HOME;
  const open = channel(session.place);
  const isApp = isHome || open?.peer === directory.app.user;
  drawHead(parts.head, open, isApp, isHome);
  parts.messages.node.hidden = isHome;
  parts.composer.node.hidden = isHome || !open;
  parts.home.hidden = !isHome;
  if (isHome) {
    showHome(parts.home);
    return;
  }
  const roots = messagesIn(open?.id).filter((message) => !message.thread_ts || message.thread_ts === message.ts);
  parts.messages.show(`${session.viewer}/${open?.id}`, open?.id, roots);
  if (open) parts.composer.show({ channel: open.id, placeholder: `Message ${channelTitle(open)}` });
}

function build() {
  const made = {
    head: el("header", { class: "pane-head" }),
    messages: new MessageList({ inThread: false }),
    home: el("div", { class: "home", data: { testid: "home" }, hidden: true }),
    composer: new Composer(),
  };
  document.getElementById("pane").replaceChildren(made.head, made.messages.node, made.home, made.composer.node);
  return made;
}

function drawHead(head, open, isApp, isHome) {
  const opener = iconButton("☰", "Channels", {
    class: "sidebar-opener", onclick: () => document.body.classList.toggle("sidebar-open"),
  });
  const kept = head.contains(document.activeElement) ? document.activeElement.dataset.tab : null;
  head.replaceChildren(opener, isApp ? appTitle() : title(open), isApp ? tabs(isHome) : "");
  if (kept) head.querySelector(`[data-tab="${kept}"]`)?.focus();
}

function title(open) {
  if (!open) return el("h1", {}, "Nothing here yet");
  const mark = open.kind === "im" ? avatar(open.peer, "tiny") : open.kind === "private" ? "🔒 " : "# ";
  const name = open.kind === "im" ? channelTitle(open) : open.name;
  return el("div", { class: "pane-title" }, el("h1", {}, el("span", { "aria-hidden": "true" }, mark), name),
    open.topic ? el("span", { class: "topic" }, open.topic) : null);
}

const appTitle = () => el("div", { class: "pane-title" },
  el("h1", {}, avatar(directory.app.user || "", "tiny"), directory.app.name || "App"));

function tabs(isHome) {
  const tab = (name, selected, place) => el("button", {
    type: "button", role: "tab", class: "tab", "aria-selected": String(selected), data: { tab: name },
    disabled: !place, onclick: () => go({ place }),
  }, name);
  return el("div", { class: "tabs", role: "tablist" },
    tab("Home", isHome, HOME), tab("Messages", !isHome, appChannel()?.id));
}
