// Header, divider, context, actions, image and markdown blocks.

import { el } from "../dom.js";
import { drawElement } from "../elements/index.js";
import { picture } from "../elements/image.js";
import { markdown } from "../text/markdown.js";
import { textNodes } from "../text/text_object.js";

export const header = (block) => el("h3", { class: "header" }, ...textNodes(block.text));

export const divider = () => el("hr", { class: "divider" });

export function context(block, surface) {
  const parts = (block.elements || []).map((part) => (part.type === "image"
    ? drawElement(part, surface, block.block_id, { dispatches: false })
    : el("span", { class: "context-text" }, ...textNodes(part))));
  return el("div", { class: "context" }, ...parts);
}

export function actions(block, surface) {
  const elements = block.elements || [];
  return el("div", { class: "actions" },
    ...elements.map((element) => drawElement(element, surface, block.block_id, { dispatches: true })));
}

export function image(block) {
  return el("figure", { class: "figure" },
    block.title && el("figcaption", {}, ...textNodes(block.title)),
    picture(block.image_url || block.slack_file?.url, block.alt_text, "picture-large"));
}

export const markdownBlock = (block) => el("div", { class: "markdown" }, ...markdown(block.text || ""));
