// `:tada:` becomes its character; a name nobody knows stays as it was typed.

import { el } from "../dom.js";
import { EMOJI } from "./emoji_names.js";

const NAME = /:([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:/g;

export function emojiNode(name) {
  const character = EMOJI.get(name);
  if (!character) return document.createTextNode(`:${name}:`);
  return el("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    character);
}

/** `text` as nodes, with its emoji drawn. */
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

/** The same where only characters can stand, as in the option of a select. */
export function emojiText(text) {
  return text.replace(NAME, (typed, name) => EMOJI.get(name) || typed);
}
