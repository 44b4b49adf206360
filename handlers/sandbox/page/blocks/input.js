// Input blocks: a label, a field, a hint and an error.

import { el, freshId } from "../dom.js";
import { drawElement, isGroup } from "../elements/index.js";
import { textNodes } from "../text/text_object.js";

export function input(block, surface) {
  const id = freshId("field");
  const grouped = isGroup(block.element);
  const label = grouped
    ? el("span", { class: "label", id: `${id}-label` }, ...textNodes(block.label))
    : el("label", { class: "label", for: id }, ...textNodes(block.label));
  const error = el("div", { class: "field-error", id: `${id}-error`, role: "alert" });
  const node = el("div", { class: "input-block" },
    el("div", { class: "label-line" }, label,
      block.optional && el("span", { class: "optional" }, " (optional)")),
    drawElement(block.element, surface, block.block_id, {
      id, labelledBy: grouped ? `${id}-label` : null, describedBy: `${id}-hint ${id}-error`,
      dispatches: Boolean(block.dispatch_action),
    }),
    el("div", { class: "hint", id: `${id}-hint` }, ...textNodes(block.hint)),
    error);
  surface.form.addField({
    blockId: block.block_id, block, node,
    showError: (message) => {
      error.textContent = message || "";
      node.classList.toggle("has-error", Boolean(message));
    },
  });
  return node;
}
