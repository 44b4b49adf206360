// Draw functions by Block Kit block type.

import { el } from "../dom.js";
import { alert, card } from "./card.js";
import { input } from "./input.js";
import { richText } from "./rich_text.js";
import { section } from "./section.js";
import { actions, context, divider, header, image, markdownBlock } from "./simple.js";
import { table } from "./table.js";
import { unknown } from "./unknown.js";

const DRAW_BY_TYPE = {
  section, header, divider, context, actions, image, input, table, alert, card,
  rich_text: richText, markdown: markdownBlock,
};

export function drawBlocks(surface) {
  surface.form.startDrawing();
  return el("div", { class: `blocks blocks-${surface.kind}` },
    ...surface.blocks.map((block) => drawBlock(block, surface)));
}

function drawBlock(block, surface) {
  const draw = DRAW_BY_TYPE[block?.type];
  const inside = draw ? draw(block, surface) : unknown("block", block?.type);
  const kind = draw ? block.type : "unknown";
  return el("div", { class: `block block-${kind}`, data: { blockId: block?.block_id || "" } }, inside);
}
