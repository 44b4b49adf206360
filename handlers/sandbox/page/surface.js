// A message, modal or Home tab that holds blocks: their form values, and how actions are sent.

import { perform } from "./api.js";
import { confirmed } from "./confirm.js";
import { valueOf } from "./elements/options.js";
import { act, session } from "./session.js";

export class Surface {
  /** `kind` is message, modal or home; `target` identifies it to the server. */
  constructor({ kind, target, form, blocks }) {
    Object.assign(this, { kind, target, form, blocks });
  }

  /** Sends a block action, after the confirmation dialog if the element has one. */
  async press(blockId, element, details) {
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    await this.#sendEdits();
    return act("press", { ...this.target, block_id: blockId, action_id: element.action_id, ...details });
  }

  /** Sends unsent edits first, because a block action carries the state of the whole form. */
  async #sendEdits() {
    for (const { blockId, actionId, value } of this.form.takeUnsent()) {
      const edit = { ...this.target, block_id: blockId, action_id: actionId, ...actionDetails(value) };
      await perform(session.viewer, "press", edit).catch(() => {}); // the field may no longer exist
    }
  }

  /** Returns what one element needs to read and write its value, and to send changes where Slack does. */
  slot(blockId, element, { dispatches, labelledBy = null, describedBy = null, id = null }) {
    return {
      id, labelledBy, describedBy, blockId,
      value: () => this.form.valueOf(blockId, element.action_id),
      start: (value) => this.#start(blockId, element, value),
      edit: (value) => this.form.edit(blockId, element.action_id, value),
      change: (value) => this.#change(blockId, element, value, dispatches),
      press: (details) => this.press(blockId, element, details),
      dispatches,
    };
  }

  #start(blockId, element, value) {
    if (this.form.valueOf(blockId, element.action_id)?.type === value.type) return;
    this.form.set(blockId, element.action_id, value);
  }

  #change(blockId, element, value, dispatches) {
    this.form.edit(blockId, element.action_id, value);
    if (!dispatches) return;
    this.form.markSent(blockId, element.action_id);
    this.press(blockId, element, actionDetails(value));
  }
}

/** Converts a field value to action details. Options are sent by their value. */
function actionDetails({ type: _, ...state }) {
  const [[name, value]] = Object.entries(state);
  if (name === "selected_option") return { option: valueOf(value) };
  return Array.isArray(value) ? { values: value.map(valueOf) } : { value };
}
