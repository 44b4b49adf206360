// Rich text blocks: sections, lists, quotes and preformatted text.

import { el } from "../dom.js";
import { broadcastNode, channelNode, dateNode, groupNode, mentionNode } from "../text/entities.js";
import { emojiNode } from "../text/emoji.js";
import { link } from "../text/plain.js";
import { unknown } from "./unknown.js";

const PIECES = {
  text: ({ text }) => withBreaks(text || ""),
  link: ({ url, text }) => [link(url || "", [text || url || ""])],
  user: ({ user_id: id }) => [mentionNode(id)],
  usergroup: ({ usergroup_id: id }) => [groupNode(id)],
  channel: ({ channel_id: id }) => [channelNode(id)],
  broadcast: ({ range }) => [broadcastNode(range)],
  emoji: ({ name }) => [emojiNode(name || "")],
  date: (piece) => [dateNode(piece)],
  color: ({ value }) => [el("code", {}, value || "")],
};
const STYLES = { code: "code", strike: "s", underline: "u", italic: "em", bold: "strong" };
const PARTS = {
  rich_text_section: ({ elements }) => el("div", { class: "rich-section" }, ...pieces(elements)),
  rich_text_quote: ({ elements }) => el("blockquote", {}, ...pieces(elements)),
  rich_text_preformatted: ({ elements }) => el("pre", { class: "code-block" }, ...pieces(elements)),
  rich_text_list: list,
};

export function richText(block) {
  const parts = (block.elements || []).map((part) => PARTS[part.type]?.(part) || unknown("rich text", part.type));
  return el("div", { class: "rich-text" }, ...parts);
}

function withBreaks(text) {
  return text.split("\n").flatMap((line, at) => (at ? [el("br"), line] : [line]));
}

function pieces(elements) {
  return (elements || []).flatMap((piece) => {
    const nodes = PIECES[piece.type]?.(piece) || [unknown("piece", piece.type)];
    return styled(nodes, piece.style || {});
  });
}

function styled(nodes, style) {
  return Object.entries(STYLES).reduce(
    (inside, [name, tag]) => (style[name] ? [el(tag, {}, ...inside)] : inside), nodes);
}

function list({ elements, style, indent = 0, offset = 0, border = 0 }) {
  const ordered = style === "ordered";
  const items = (elements || []).map((item) => el("li", {}, ...pieces(item.elements)));
  const node = el(ordered ? "ol" : "ul", {
    start: ordered && offset ? offset + 1 : null, class: border ? "rich-list bordered" : "rich-list",
  }, ...items);
  node.style.marginLeft = `${Math.min(indent, 8) * 24}px`;
  return node;
}
