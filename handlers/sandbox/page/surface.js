// What a block needs to know of where it stands: whose form it fills, and where a press is reported.

import { perform } from "./api.js";
import { confirmed } from "./confirm.js";
import { valueOf } from "./elements/options.js";
import { act, session } from "./session.js";

export class Surface {
  /** `kind` is message, modal or home; `target` says which one to the server. */
  constructor({ kind, target, form, blocks }) {
    Object.assign(this, { kind, target, form, blocks });
  }

  /** Reports that somebody used an element, after asking whether they mean it. */
  async press(blockId, element, said) {
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    await this.#tellTyped();
    return act("press", { ...this.target, block_id: blockId, action_id: element.action_id, ...said });
  }

  /** An app that hears of a press sees the whole form, so what was typed meanwhile goes first. */
  async #tellTyped() {
    for (const { blockId, actionId, value } of this.form.takeUntold()) {
      const typed = { ...this.target, block_id: blockId, action_id: actionId, ...pressOf(value) };
      await perform(session.viewer, "press", typed).catch(() => {}); // the field may be gone by now
    }
  }

  /** A slot for one element: reads and writes its value, and reports a change where Slack would. */
  slot(blockId, element, { reports, labelledBy = null, describedBy = null, id = null }) {
    return {
      id, labelledBy, describedBy, blockId,
      value: () => this.form.valueOf(blockId, element.action_id),
      start: (value) => this.#start(blockId, element, value),
      keep: (value) => this.form.keep(blockId, element.action_id, value),
      change: (value) => this.#change(blockId, element, value, reports),
      press: (said) => this.press(blockId, element, said),
      reports,
    };
  }

  #start(blockId, element, value) {
    if (this.form.valueOf(blockId, element.action_id)?.type === value.type) return;
    this.form.set(blockId, element.action_id, value);
  }

  #change(blockId, element, value, reports) {
    this.form.keep(blockId, element.action_id, value);
    if (!reports) return;
    this.form.told(blockId, element.action_id);
    this.press(blockId, element, pressOf(value));
  }
}

/** A field's value as a press tells it: one option, several, or a plain value; an option by its value. */
function pressOf({ type: _, ...value }) {
  const [[name, said]] = Object.entries(value);
  if (name === "selected_option") return { option: valueOf(said) };
  return Array.isArray(said) ? { values: said.map(valueOf) } : { value: said };
}
