// Draw Block Kit text objects, mrkdwn or plain_text.

import { el } from "../dom.js";
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";
import { unescape } from "./plain.js";

export function textNodes(object) {
  if (!object) return [];
  const text = object.text || "";
  if (object.type === "mrkdwn") return mrkdwn(text);
  return text.split("\n").flatMap((line, at) => {
    const nodes = withEmoji(unescape(line));
    return at ? [el("br"), ...nodes] : nodes;
  });
}
