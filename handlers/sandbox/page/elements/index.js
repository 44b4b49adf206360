// Which drawing belongs to which element of Block Kit.

import { unknown } from "../blocks/unknown.js";
import { button } from "./button.js";
import { checkboxes, radioButtons } from "./choices.js";
import { image } from "./image.js";
import { multiSelect } from "./multi_select.js";
import { overflow } from "./overflow.js";
import { datepicker, datetimepicker, timepicker } from "./pickers.js";
import { select } from "./select.js";
import { textInput } from "./text_input.js";

const DRAWINGS = {
  button, overflow, image, checkboxes, datepicker, timepicker, datetimepicker,
  radio_buttons: radioButtons,
  static_select: select, users_select: select, conversations_select: select, channels_select: select,
  multi_static_select: multiSelect, multi_users_select: multiSelect,
  multi_conversations_select: multiSelect, multi_channels_select: multiSelect,
  plain_text_input: textInput, url_text_input: textInput, email_text_input: textInput,
  number_input: textInput,
};

/** The node for one element; an element without a drawing is shown as one. */
export function drawElement(element, surface, blockId, options) {
  const draw = DRAWINGS[element?.type];
  if (!draw) return unknown("element", element?.type);
  return draw(element, surface.slot(blockId, element, options));
}

/** Elements made of several controls are labelled as a group. */
export const isGroup = (element) =>
  ["checkboxes", "radio_buttons"].includes(element?.type) || Boolean(element?.type?.startsWith("multi_"));
