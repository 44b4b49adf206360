// Section blocks: text, fields and an accessory.

import { el } from "../dom.js";
import { drawElement } from "../elements/index.js";
import { textNodes } from "../text/text_object.js";

export function section(block, surface) {
  const fields = (block.fields || []).map((field) => el("div", { class: "field" }, ...textNodes(field)));
  return el("div", { class: "section" },
    el("div", { class: "section-words" },
      block.text && el("div", { class: "section-text" }, ...textNodes(block.text)),
      fields.length ? el("div", { class: "fields" }, ...fields) : null),
    block.accessory && el("div", { class: "accessory" },
      drawElement(block.accessory, surface, block.block_id, { dispatches: true })));
}
