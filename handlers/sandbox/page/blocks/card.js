// Alert and card blocks.

import { el } from "../dom.js";
import { drawElement } from "../elements/index.js";
import { picture } from "../elements/image.js";
import { textNodes } from "../text/text_object.js";

const ICONS = { info: "ℹ️", warning: "⚠️", error: "⛔", success: "✅", default: "ℹ️" };

export function alert(block) {
  const level = block.level in ICONS ? block.level : "default";
  return el("div", { class: `alert alert-${level}`, role: "note" },
    el("span", { "aria-hidden": "true" }, ICONS[level]), el("div", {}, ...textNodes(block.text)));
}

export function card(block, surface) {
  const hero = block.hero_image;
  const buttons = (block.actions || []).map((element) =>
    drawElement(element, surface, block.block_id, { dispatches: true }));
  return el("div", { class: "card" },
    hero && picture(hero.image_url, hero.alt_text, "picture-large"),
    block.title && el("div", { class: "card-title" }, ...textNodes(block.title)),
    block.subtitle && el("div", { class: "card-subtitle" }, ...textNodes(block.subtitle)),
    block.body && el("div", { class: "card-body" }, ...textNodes(block.body)),
    buttons.length ? el("div", { class: "actions" }, ...buttons) : null);
}
