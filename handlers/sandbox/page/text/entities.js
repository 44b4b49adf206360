// Slack's angle-bracket entities: mentions, channels, dates, links and broadcasts.

import { channel, group, nameOf } from "../directory.js";
import { el } from "../dom.js";
import { go, session, viewer } from "../session.js";
import { fillTokens } from "./dates.js";
import { link, plainNodes, unescape } from "./plain.js";

export function mentionNode(id, label = null) {
  const isMe = id === session.viewer;
  return el("span", { class: isMe ? "mention mention-me" : "mention", data: { mention: id } },
    `@${label && nameOf(id) === id ? label : nameOf(id)}`);
}

export function channelNode(id, label = null) {
  const known = channel(id);
  if (!known) return el("span", { class: "mention" }, `#${label || id}`);
  return el("button", { type: "button", class: "mention channel-link", onclick: () => go({ place: id }) },
    `#${known.name}`);
}

export function groupNode(id, label = null) {
  const handle = group(id)?.handle || label?.replace(/^@/, "") || id;
  return el("span", { class: "mention" }, `@${handle}`);
}

export const broadcastNode = (range) => el("span", { class: "mention mention-all" }, `@${range}`);

/** Draws a date in the viewer's time zone, or its fallback if it is malformed. */
export function dateNode({ timestamp, format, url = null, fallback = "" }) {
  const at = Number(timestamp);
  const isReadable = Number.isFinite(at) && Math.abs(at) < 8.64e12 && format;
  const words = isReadable ? fillTokens(format, at, viewer()?.tz, session.now) : fallback;
  const title = isReadable ? fillTokens("{date_long} at {time}", at, viewer()?.tz, session.now) : null;
  const node = el("time", { title }, words);
  return url ? link(url, [node]) : node;
}

function special(body, label) {
  if (/^(here|channel|everyone)$/.test(body)) return broadcastNode(body);
  if (body.startsWith("subteam^")) return groupNode(body.slice(8), label);
  if (body.startsWith("date^")) {
    const [, timestamp, format, url] = body.split("^");
    return dateNode({ timestamp, format: unescape(format || ""), url, fallback: label || "" });
  }
  return el("span", {}, label || `<!${body}>`);
}

/** Draws what is between `<` and `>`. Unknown entities are shown as written. */
export function entityNode(inside) {
  const bar = inside.indexOf("|");
  const body = bar < 0 ? inside : inside.slice(0, bar);
  const label = bar < 0 ? null : unescape(inside.slice(bar + 1));
  if (/^@[UWB]\w+$/.test(body)) return mentionNode(body.slice(1), label);
  if (/^#[CGD]\w+$/.test(body)) return channelNode(body.slice(1), label);
  if (body.startsWith("!")) return special(body.slice(1), label);
  if (/^[a-z][a-z0-9+.-]*:/i.test(body)) {
    const words = bar < 0 ? [unescape(body).replace(/^mailto:/, "")] : plainNodes(inside.slice(bar + 1));
    return link(unescape(body), words);
  }
  return document.createTextNode(unescape(`<${inside}>`));
}
