// Table blocks. The first row is the header.

import { el } from "../dom.js";
import { withEmoji } from "../text/emoji.js";
import { unescape } from "../text/plain.js";
import { richText } from "./rich_text.js";

export function table(block) {
  const settings = block.column_settings || [];
  const [head, ...body] = (block.rows || []).map((cells, at) => drawRow(cells, settings, at ? "td" : "th"));
  return el("div", { class: "table-frame" },
    el("table", { class: "table" }, el("thead", {}, head), el("tbody", {}, ...body)));
}

function drawRow(cells, settings, tag) {
  return el("tr", {}, ...cells.map((cell, at) => {
    const { align, is_wrapped: isWrapped } = settings[at] || {};
    const classes = [`align-${align || "left"}`, isWrapped ? "wrapped" : ""].join(" ").trim();
    return el(tag, { class: classes }, ...cellNodes(cell || {}));
  }));
}

function cellNodes(cell) {
  if (cell.type === "rich_text") return [richText(cell)];
  return withEmoji(unescape(String(cell.text ?? cell.value ?? "")));
}
