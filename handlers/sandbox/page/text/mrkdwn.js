// Draw Slack's mrkdwn: *bold*, _italic_, ~strike~, `code`, quotes and links.

import { el } from "../dom.js";
import { entityNode } from "./entities.js";
import { plainNodes, unescape } from "./plain.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const ENTITY = /^<([^<>\n]+)>/;
const CODE = /^`([^`\n]+)`/;

/** Converts a text to nodes. Code fences come first, because their content is literal. */
export function mrkdwn(text) {
  const parts = text.split(/```\n?([\s\S]+?)\n?```\n?/);
  return parts.flatMap((part, at) => (at % 2 ? [codeBlock(part)] : paragraphs(part)));
}

function codeBlock(code) {
  return el("pre", { class: "code-block" }, unescape(withoutEntities(code)));
}

/** Replaces links by their text, as Slack does inside code. */
function withoutEntities(code) {
  return code.replace(/<((?:https?|mailto):[^|<>\n]+)(?:\|([^<>\n]+))?>/g, (_, url, label) => label || url);
}

function paragraphs(text) {
  if (text === "") return [];
  const nodes = [];
  let lines = text.split("\n");
  while (lines.length) {
    const isQuote = quoted(lines[0]) !== null;
    const takesAll = /^(&gt;|>){3}/.test(lines[0]);
    const end = takesAll ? lines.length : lines.findIndex((line) => (quoted(line) !== null) !== isQuote);
    const run = lines.slice(0, end < 0 ? lines.length : end);
    lines = lines.slice(run.length);
    nodes.push(...(isQuote ? [quote(run, takesAll)] : withBreaks(run)));
  }
  return nodes;
}

function quoted(line) {
  const found = /^(?:&gt;|>) ?(.*)$/.exec(line);
  return found ? found[1] : null;
}

function quote(lines, takesAll) {
  const bare = takesAll ? [lines[0].replace(/^(&gt;|>){3} ?/, ""), ...lines.slice(1)] : lines.map(quoted);
  return el("blockquote", {}, ...withBreaks(bare));
}

function withBreaks(lines) {
  return lines.flatMap((line, at) => (at ? [el("br"), ...inline(line)] : inline(line)));
}

/** Converts one line: styled pieces, with plain text between them. */
function inline(line) {
  const nodes = [];
  let plainFrom = 0;
  let at = 0;
  while (at < line.length) {
    const piece = pieceAt(line, at);
    if (piece) {
      nodes.push(...plainNodes(line.slice(plainFrom, at)), piece.node);
      plainFrom = at + piece.length;
    }
    at += piece ? piece.length : 1;
  }
  return [...nodes, ...plainNodes(line.slice(plainFrom))];
}

function pieceAt(line, at) {
  const rest = line.slice(at);
  const entity = ENTITY.exec(rest);
  if (entity) return { node: entityNode(entity[1]), length: entity[0].length };
  const code = CODE.exec(rest);
  if (code) {
    return { node: el("code", {}, unescape(withoutEntities(code[1]))), length: code[0].length };
  }
  return styledAt(line, at);
}

function styledAt(line, at) {
  const tag = STYLES[line[at]];
  const opens = tag && !WORD.test(line[at - 1] || " ") && /\S/.test(line[at + 1] || " ");
  const end = opens ? closingOf(line, at) : -1;
  if (end < 0) return null;
  return { node: el(tag, {}, ...inline(line.slice(at + 1, end))), length: end - at + 1 };
}

/** Returns where the style that starts at `from` ends: the same character, after text and before a non-word. */
function closingOf(line, from) {
  let at = from + 1;
  while (at < line.length) {
    const rest = line.slice(at);
    const skipped = ENTITY.exec(rest) || CODE.exec(rest);
    const closes = line[at] === line[from] && at > from + 1 && /\S/.test(line[at - 1])
      && !WORD.test(line[at + 1] || " ");
    if (closes) return at;
    at += skipped ? skipped[0].length : 1;
  }
  return -1;
}
