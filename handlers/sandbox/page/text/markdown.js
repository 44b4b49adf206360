// Draw the subset of Markdown that messages use.

import { el } from "../dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./plain.js";

const INLINE = /(`[^`]+`)|\[([^\]]+)\]\(([^\s)]+)\)|\*\*(.+?)\*\*|~~(.+?)~~|\*(\S(?:[^*]*\S)?)\*|\b_(\S(?:[^_]*\S)?)_\b/;

function inlineMarkdown(text) {
  const found = INLINE.exec(text);
  if (!found) return withEmoji(text);
  const [whole, code, label, url, bold, strike, star, under] = found;
  const before = withEmoji(text.slice(0, found.index));
  const after = inlineMarkdown(text.slice(found.index + whole.length));
  return [...before, styled({ code, label, url, bold, strike, italic: star || under }), ...after];
}

function styled({ code, label, url, bold, strike, italic }) {
  if (code) return el("code", {}, code.slice(1, -1));
  if (label) return link(url, inlineMarkdown(label));
  if (bold) return el("strong", {}, ...inlineMarkdown(bold));
  if (strike) return el("s", {}, ...inlineMarkdown(strike));
  return el("em", {}, ...inlineMarkdown(italic));
}

const heading = ([, marks, text]) => el(`h${Math.min(marks.length + 2, 6)}`, {}, ...inlineMarkdown(text));
const LINES = [
  { is: /^(#{1,6})\s+(.*)$/, draw: heading },
  { is: /^(?:---+|\*\*\*+)\s*$/, draw: () => el("hr") },
];
const RUNS = [
  { is: /^\s*[-*+]\s+(.*)$/, tag: "ul", item: "li" },
  { is: /^\s*\d+[.)]\s+(.*)$/, tag: "ol", item: "li" },
  { is: /^>\s?(.*)$/, tag: "blockquote", item: "div" },
];

function fenced(lines) {
  const end = lines.findIndex((line, at) => at > 0 && line.startsWith("```"));
  const stop = end < 0 ? lines.length : end;
  const node = el("pre", { class: "code-block" }, lines.slice(1, stop).join("\n"));
  return { node, taken: stop + 1 };
}

function runOf(lines, { is, tag, item }) {
  const end = lines.findIndex((line) => !is.test(line));
  const run = lines.slice(0, end < 0 ? lines.length : end);
  const items = run.map((line) => el(item, {}, ...inlineMarkdown(is.exec(line)[1])));
  return { node: el(tag, {}, ...items), taken: run.length };
}

function nextPart(lines) {
  if (lines[0].startsWith("```")) return fenced(lines);
  const single = LINES.find(({ is }) => is.test(lines[0]));
  if (single) return { node: single.draw(single.is.exec(lines[0])), taken: 1 };
  const run = RUNS.find(({ is }) => is.test(lines[0]));
  if (run) return runOf(lines, run);
  return { node: lines[0] ? el("p", {}, ...inlineMarkdown(lines[0])) : null, taken: 1 };
}

export function markdown(text) {
  const nodes = [];
  let lines = text.split("\n");
  while (lines.length) {
    const { node, taken } = nextPart(lines);
    if (node) nodes.push(node);
    lines = lines.slice(taken);
  }
  return nodes;
}
