// Plain text: undo Slack's three escapes, draw emoji and link URLs.

import { el } from "../dom.js";
import { emojiText, withEmoji } from "./emoji.js";

const ADDRESS = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}'*_~]/g;
const SAFE = /^(https?:|mailto:|tel:|slack:)/i;

export function unescape(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** Creates a link if the URL scheme is safe, else only its text. */
export function link(address, words) {
  if (!SAFE.test(address)) return el("span", {}, ...words);
  return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...words);
}

/** Converts escaped text to nodes, with emoji and bare URLs drawn. */
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

/** Returns the text of a plain_text object as a string, for attributes and options. */
export function plainString(object) {
  if (!object) return "";
  const text = typeof object === "string" ? object : object.text || "";
  return emojiText(unescape(text));
}
