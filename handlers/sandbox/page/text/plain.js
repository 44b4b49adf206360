// Words without formatting: Slack's three escapes undone, emoji drawn, addresses made links.

import { el } from "../dom.js";
import { emojiText, withEmoji } from "./emoji.js";

const ADDRESS = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'*_~]/g;
const SAFE = /^(https?:|mailto:|tel:|slack:)/i;

export function unescape(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** A link, if its address is of a kind that cannot run anything; otherwise its words alone. */
export function link(address, words) {
  if (!SAFE.test(address)) return el("span", {}, ...words);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...words);
}

/** A run of text as nodes: escapes undone, emoji and bare addresses drawn. */
export function plainNodes(escaped) {
  const nodes = [];
  let from = 0;
  for (const found of escaped.matchAll(ADDRESS)) {
    nodes.push(...withEmoji(unescape(escaped.slice(from, found.index))));
    nodes.push(link(unescape(found[0]), [unescape(found[0])]));
    from = found.index + found[0].length;
  }
  return [...nodes, ...withEmoji(unescape(escaped.slice(from)))];
}

/** What a plain_text object says, as a string for an attribute or an option. */
export function plainString(object) {
  if (!object) return "";
  const text = typeof object === "string" ? object : object.text || "";
  return emojiText(unescape(text));
}
