// Draw one message with its author, time, content, reactions and thread summary.

import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks/index.js";
import { isApp, nameOf } from "./directory.js";
import { el } from "./dom.js";
import { Form } from "./form.js";
import { messageTools } from "./message_tools.js";
import { act, go, session, viewer } from "./session.js";
import { Surface } from "./surface.js";
import { clockTime, dayOf, fillTokens } from "./text/dates.js";
import { emojiNode } from "./text/emoji.js";
import { mrkdwn } from "./text/mrkdwn.js";

const REPLY_FACES = 4;
const forms = new Map();

/** Returns a key that changes whenever the message would look different to the viewer. */
export function renderKey(message, compact, replies) {
  const content = JSON.stringify(message);
  const moment = /\{ago\}/.test(content) ? Math.floor(session.now / 60) : dayOf(session.now, viewer()?.tz);
  return [session.viewer, moment, compact, replies.map(({ ts, user }) => ts + user), content].join("|");
}

export function drawMessage(message, { channelId, compact, replies, inThread }) {
  const classes = ["message", compact ? "message-compact" : "", message.ephemeral ? "message-ephemeral" : ""];
  return el("div", {
    class: classes.filter(Boolean).join(" "), role: "listitem", tabindex: "-1",
    data: { ts: message.ts, user: message.user, ephemeral: String(Boolean(message.ephemeral)) },
  },
  el("div", { class: "message-side" }, compact ? timeOf(message) : avatar(message.user, "large")),
  el("div", { class: "message-main" },
    message.ephemeral ? el("div", { class: "only-you" }, "👁 Only visible to you") : null,
    compact ? null : byline(message),
    body(message, channelId),
    reactions(message),
    message.ephemeral ? dismissButton(message) : null,
    replies.length ? threadSummary(message, replies) : null),
  message.ephemeral ? null : messageTools(message, { channelId, inThread }));
}

function timeOf({ ts }) {
  const at = Number(ts);
  const title = fillTokens("{date_long} at {time_secs}", at, viewer()?.tz, session.now);
  return el("time", { class: "message-time", title }, clockTime(at, viewer()?.tz));
}

function byline(message) {
  return el("div", { class: "byline" },
    el("span", { class: "author" }, nameOf(message.user)),
    isApp(message.user) ? el("span", { class: "app-badge" }, "APP") : null,
    timeOf(message));
}

function body(message, channelId) {
  const edited = message.edited ? el("span", { class: "edited" }, " (edited)") : null;
  if (!message.blocks?.length) {
    return el("div", { class: "message-text" }, ...mrkdwn(message.text || ""), edited);
  }
  const key = `${session.viewer}/${channelId}/${message.ts}`;
  if (!forms.has(key)) forms.set(key, new Form());
  const surface = new Surface({
    kind: "message", target: { channel: channelId, ts: message.ts }, form: forms.get(key), blocks: message.blocks,
  });
  return el("div", { class: "message-text" }, drawBlocks(surface), edited);
}

function reactions({ reactions: list }) {
  if (!list?.length) return null;
  const pills = list.map(({ name, users }) => el("span", {
    class: users.includes(session.viewer) ? "reaction reaction-mine" : "reaction", title: users.map(nameOf).join(", "),
  }, emojiNode(name), el("span", { class: "reaction-count" }, String(users.length))));
  return el("div", { class: "reactions" }, ...pills);
}

function dismissButton({ ts }) {
  return el("button", { type: "button", class: "link-button", onclick: () => act("dismiss", { id: ts }) }, "Dismiss message");
}

function threadSummary(message, replies) {
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  const newest = Number(replies.at(-1).ts);
  const last = fillTokens("Last reply {date_short_pretty} at {time}", newest, viewer()?.tz, session.now);
  const authors = [...new Set(replies.map(({ user }) => user))].slice(0, REPLY_FACES);
  return el("button", { type: "button", class: "thread-summary", onclick: () => go({ thread: message.ts }) },
    el("span", { class: "thread-faces" }, ...authors.map((id) => avatar(id, "tiny"))),
    el("span", { class: "thread-count" }, count), el("span", { class: "thread-last" }, last));
}
