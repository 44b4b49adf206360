// What a block needs to know of where it stands: whose form it fills, and where a press is reported.

import { confirmed } from "./confirm.js";
import { act } from "./session.js";

export class Surface {
  /** `kind` is message, modal or home; `target` says which one to the server. */
  constructor({ kind, target, form, blocks }) {
    Object.assign(this, { kind, target, form, blocks });
  }

  /** Reports that somebody used an element, after asking whether they mean it. */
  async press(blockId, element, said) {
    if (element.confirm && !(await confirmed(element.confirm))) return false;
    const state = this.form.values(this.blocks.map((block) => block.block_id));
    return act("press", {
      ...this.target, block_id: blockId, action_id: element.action_id, ...said, state,
    });
  }

  /** A slot for one element: reads and writes its value, and reports a change where Slack would. */
  slot(blockId, element, { reports, labelledBy = null, describedBy = null, id = null }) {
    return {
      id, labelledBy, describedBy, blockId,
      value: () => this.form.valueOf(blockId, element.action_id),
      start: (value) => this.#start(blockId, element, value),
      keep: (value) => this.form.set(blockId, element.action_id, value),
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
    this.form.set(blockId, element.action_id, value);
    if (reports) this.press(blockId, element, pressOf(value));
  }
}

/** A field's value as a press tells it: one option, several, or a plain value. */
function pressOf({ type: _, ...value }) {
  const [[name, said]] = Object.entries(value);
  if (name === "selected_option") return { option: said };
  return Array.isArray(said) ? { values: said } : { value: said };
}
