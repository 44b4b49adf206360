// Draw functions by Block Kit element type.

import { unknown } from "../blocks/unknown.js";
import { button } from "./button.js";
import { checkboxes, radioButtons } from "./choices.js";
import { image } from "./image.js";
import { multiSelect } from "./multi_select.js";
import { overflow } from "./overflow.js";
import { datepicker, datetimepicker, timepicker } from "./pickers.js";
import { select } from "./select.js";
import { textInput } from "./text_input.js";

const DRAW_BY_TYPE = {
  button, overflow, image, checkboxes, datepicker, timepicker, datetimepicker,
  radio_buttons: radioButtons,
  static_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: multiSelect, multi_users_select: multiSelect,
  multi_conversations_select: multiSelect, multi_channels_select: multiSelect,
  plain_text_input: textInput, url_text_input: textInput, email_text_input: textInput,
  number_input: textInput,
};

/** Draws one element, or a placeholder if its type is unknown. */
export function drawElement(element, surface, blockId, options) {
  const draw = DRAW_BY_TYPE[element?.type];
  if (!draw) return unknown("element", element?.type);
  return draw(element, surface.slot(blockId, element, options));
}

/** Returns whether an element has several controls, which need a group label. */
export const isGroup = (element) =>
  ["checkboxes", "radio_buttons"].includes(element?.type) || Boolean(element?.type?.startsWith("multi_"));
