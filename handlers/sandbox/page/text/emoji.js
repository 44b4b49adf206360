// Replace emoji names such as `:tada:` by their characters. Unknown names stay as typed.

import { el } from "../dom.js";
import { EMOJI } from "./emoji_names.js";

const NAME = /:([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:/g;

export function emojiNode(name) {
  const character = EMOJI.get(name);
  if (!character) return document.createTextNode(`:${name}:`);
  return el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    character);
}

/** Converts text to nodes, with emoji drawn. */
export function withEmoji(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(NAME)) {
    if (!EMOJI.has(found[1])) continue;
    nodes.push(text.slice(from, found.index), emojiNode(found[1]));
    from = found.index + found[0].length;
  }
  return [...nodes, text.slice(from)].filter((part) => part !== "");
}

/** Replaces emoji in a string, for places without nodes such as select options. */
export function emojiText(text) {
  return text.replace(NAME, (typed, name) => EMOJI.get(name) || typed);
}
