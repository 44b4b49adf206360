// The thread panel.

import { Composer } from "./composer.js";
import { channel, channelTitle } from "./directory.js";
import { el, iconButton } from "./dom.js";
import { MessageList } from "./message_list.js";
import { go, messagesIn, session } from "./session.js";

let parts = null;

export function showThread() {
  const root = document.getElementById("thread");
  const open = channel(session.place);
  const replies = session.thread && open
    ? messagesIn(open.id).filter((message) => [message.ts, message.thread_ts].includes(session.thread))
    : [];
  root.hidden = !replies.length;
  document.body.classList.toggle("thread-open", !root.hidden);
  if (root.hidden) return;
  parts ??= build(root);
  parts.where.textContent = channelTitle(open);
  parts.messages.show(`${session.viewer}/${open.id}/${session.thread}`, open.id, replies);
  parts.composer.show({ channel: open.id, threadTs: session.thread, placeholder: "Reply…" });
}

function build(root) {
  const made = {
    where: el("span", { class: "topic" }),
    messages: new MessageList({ inThread: true }),
    composer: new Composer(),
  };
  const close = iconButton("✕", "Close thread", { class: "tool", onclick: () => go({ thread: null }) });
  root.replaceChildren(
    el("header", { class: "pane-head" }, el("div", { class: "pane-title" }, el("h1", {}, "Thread"), made.where), close),
    made.messages.node, made.composer.node);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") go({ thread: null });
  });
  return made;
}
