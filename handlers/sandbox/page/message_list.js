// A scrolling list of messages that keeps its place, and draws again only what changed.

import { el } from "./dom.js";
import { drawMessage, footprint } from "./message.js";
import { messagesIn, session, viewer } from "./session.js";
import { dayOf, fillTokens } from "./text/dates.js";

const TOGETHER_SECONDS = 300;
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

  /** `key` names what is shown: another key starts at the end, or where one left it. */
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
      const row = this.#row(message, channelId, { compact: !isNewDay && follows(before, message), kept });
      before = message;
      return isNewDay ? [dayDivider(message.ts, tz), row] : [row];
    });
    return nodes.length ? nodes : [el("p", { class: "empty" }, "Nothing here yet.")];
  }

  #row(message, channelId, { compact, kept }) {
    const replies = this.inThread ? [] : messagesIn(channelId)
      .filter((one) => one.thread_ts === message.ts && one.ts !== message.ts);
    const print = footprint(message, compact, replies);
    const old = kept.get(message.ts);
    const entry = old?.print === print ? old
      : { print, node: drawMessage(message, { channelId, compact, replies, inThread: this.inThread }) };
    this.#drawn.set(message.ts, entry);
    return entry.node;
  }

  /** Puts the nodes in order without touching those that stand right, so that focus stays. */
  #reconcile(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.node.childNodes]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, at) => {
      if (this.node.childNodes[at] !== node) this.node.insertBefore(node, this.node.childNodes[at] || null);
    });
  }
}

function follows(before, message) {
  return Boolean(before) && before.user === message.user && before.ephemeral === message.ephemeral
    && !message.blocks && !before.blocks && Number(message.ts) - Number(before.ts) < TOGETHER_SECONDS;
}

function dayDivider(ts, tz) {
  const day = fillTokens("{day_divider_pretty}", Number(ts), tz, session.now);
  return el("div", { class: "day-divider", role: "separator", "aria-label": day }, el("span", {}, day));
}
