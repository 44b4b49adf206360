// A scrolling message list that keeps its position and redraws only changed messages.

import { el } from "./dom.js";
import { drawMessage, renderKey } from "./message.js";
import { messagesIn, session, viewer } from "./session.js";
import { dayOf, fillTokens } from "./text/dates.js";

const GROUP_SECONDS = 300;
const NEAR_END_PX = 80;

export class MessageList {
  #drawn = new Map();
  #key = null;
  #places = new Map();

  constructor({ inThread }) {
    this.inThread = inThread;
    this.node = el("div", { class: "messages", role: "list", tabindex: "0", "aria-label": "Messages",
      data: { testid: inThread ? "thread-messages" : "messages" } });
  }

  /** Shows messages. A new `key` (viewer and channel or thread) starts at the end or at its last position. */
  show(key, channelId, messages) {
    const isSame = key === this.#key;
    const { scrollTop, scrollHeight, clientHeight } = this.node;
    const wasAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#key && !isSame) this.#places.set(this.#key, wasAtEnd ? null : scrollTop);
    if (!isSame) this.#drawn.clear();
    this.#key = key;
    this.#reconcile(this.#nodesFor(channelId, messages));
    if (isSame) this.node.scrollTop = wasAtEnd ? this.node.scrollHeight : scrollTop;
    else this.node.scrollTop = this.#places.get(key) ?? this.node.scrollHeight;
  }

  #nodesFor(channelId, messages) {
    const tz = viewer()?.tz;
    const kept = this.#drawn;
    this.#drawn = new Map();
    let before = null;
    const nodes = messages.flatMap((message) => {
      const isNewDay = !this.inThread && (!before || dayOf(Number(before.ts), tz) !== dayOf(Number(message.ts), tz));
      const row = this.#row(message, channelId, { compact: !isNewDay && continues(before, message), kept });
      before = message;
      return isNewDay ? [dayDivider(message.ts, tz), row] : [row];
    });
    return nodes.length ? nodes : [el("p", { class: "empty" }, "Nothing here yet.")];
  }

  #row(message, channelId, { compact, kept }) {
    const replies = this.inThread ? [] : messagesIn(channelId)
      .filter((reply) => reply.thread_ts === message.ts && reply.ts !== message.ts);
    const contentKey = renderKey(message, compact, replies);
    const old = kept.get(message.ts);
    const entry = old?.key === contentKey ? old
      : { key: contentKey, node: drawMessage(message, { channelId, compact, replies, inThread: this.inThread }) };
    this.#drawn.set(message.ts, entry);
    return entry.node;
  }

  /** Puts the nodes in order without moving those already in place, so that the focus is kept. */
  #reconcile(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.node.childNodes]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, at) => {
      if (this.node.childNodes[at] !== node) this.node.insertBefore(node, this.node.childNodes[at] || null);
    });
  }
}

function continues(before, message) {
  return Boolean(before) && before.user === message.user && before.ephemeral === message.ephemeral
    && !message.blocks && !before.blocks && Number(message.ts) - Number(before.ts) < GROUP_SECONDS;
}

function dayDivider(ts, tz) {
  const day = fillTokens("{day_divider_pretty}", Number(ts), tz, session.now);
  return el("div", { class: "day-divider", role: "separator", "aria-label": day }, el("span", {}, day));
}
