// Multi-selects: chips for the chosen options, and a list of checkboxes.

import { el, freshId } from "../dom.js";
import { plainString } from "../text/plain.js";
import { choicesOf, selectionOf, valueOf } from "./options.js";

export function multiSelect(element, slot) {
  const { key, initial } = selectionOf(element);
  slot.start({ type: element.type, [key]: initial });
  const groups = choicesOf(element);
  const all = groups.flatMap(({ choices }) => choices);
  const face = el("button", { type: "button", class: "multi-face", "aria-haspopup": "true", "aria-expanded": "false" });
  const list = el("div", { class: "multi-list", hidden: true });
  const chosen = () => new Set(slot.value()[key].map(valueOf));
  const choose = (value, isOn) => {
    const wanted = chosen();
    if (isOn) wanted.add(value);
    else wanted.delete(value);
    const selected = all.filter((choice) => wanted.has(choice.value)).map((choice) => choice.stateValue);
    slot.change({ type: element.type, [key]: selected });
    drawFace(face, element, all.filter((choice) => wanted.has(choice.value)));
  };
  list.append(...groups.flatMap((group) => drawGroup(group, chosen(), choose, element)));
  drawFace(face, element, all.filter((choice) => chosen().has(choice.value)));
  const node = el("div", {
    class: "multi", role: "group", id: slot.id, "aria-labelledby": slot.labelledBy,
    "aria-describedby": slot.describedBy, data: { actionId: element.action_id || "" },
  }, face, list);
  openAndClose(node, face, list);
  return node;
}

function drawFace(face, element, chosen) {
  const chips = chosen.map(({ label }) => el("span", { class: "chip" }, label));
  const hint = plainString(element.placeholder) || "Choose options";
  face.replaceChildren(...(chips.length ? chips : [el("span", { class: "multi-hint" }, hint)]));
}

function drawGroup({ title, choices }, chosen, choose, element) {
  const rows = choices.map((choice) => drawRow(choice, chosen, choose, element));
  return title ? [el("div", { class: "menu-heading" }, title), ...rows] : rows;
}

function drawRow({ value, label, note }, chosen, choose, element) {
  const id = freshId("choice");
  const box = el("input", { type: "checkbox", id, onchange: () => {
    const isFull = box.checked && element.max_selected_items
      && box.closest(".multi-list").querySelectorAll("input:checked").length > element.max_selected_items;
    if (isFull) box.checked = false;
    else choose(value, box.checked);
  } });
  box.checked = chosen.has(value);
  return el("div", { class: "multi-row" }, box, el("label", { for: id }, label),
    note && el("span", { class: "choice-note" }, note));
}

/** Opens the list inside the form and closes it after the click, so that nothing moves under the pointer. */
function openAndClose(node, face, list) {
  const show = (isOpen) => {
    list.hidden = !isOpen;
    face.setAttribute("aria-expanded", String(isOpen));
    document[isOpen ? "addEventListener" : "removeEventListener"]("click", outside);
  };
  const outside = (event) => {
    if (!node.contains(event.target)) show(false);
  };
  face.addEventListener("click", () => {
    show(list.hidden);
    if (list.hidden) return;
    list.scrollIntoView({ block: "nearest" });
    list.querySelector("input")?.focus();
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || list.hidden) return;
    event.stopPropagation();
    show(false);
    face.focus();
  });
}
