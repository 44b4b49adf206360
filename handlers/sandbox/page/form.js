// The field values of one surface, in the shape of Slack's `view.state.values`.

export class Form {
  #values = new Map();
  #unsent = new Map();
  #fields = new Map();
  #errors = {};

  /** `known` holds the values that the server has, for example after a reload. */
  constructor(known = {}) {
    for (const [blockId, fields] of Object.entries(known)) this.#values.set(blockId, fields);
  }

  /** Returns the value of a field, or undefined if it was never drawn or edited. */
  valueOf(blockId, actionId) {
    return this.#values.get(blockId)?.[actionId];
  }

  set(blockId, actionId, value) {
    this.#values.set(blockId, { ...this.#values.get(blockId), [actionId]: value });
  }

  /** Sets a value that the person entered and the server does not have yet. */
  edit(blockId, actionId, value) {
    this.set(blockId, actionId, value);
    this.#unsent.set(`${blockId}/${actionId}`, { blockId, actionId, value });
  }

  markSent(blockId, actionId) {
    this.#unsent.delete(`${blockId}/${actionId}`);
  }

  /** Returns the edits that the server does not have, and marks them as sent. */
  takeUnsent() {
    const unsent = [...this.#unsent.values()];
    this.#unsent.clear();
    return unsent;
  }

  /** Prepares for a redraw. Values stay, because a redrawn field with the same ids keeps its text. */
  startDrawing() {
    this.#fields.clear();
  }

  /** Registers a field that can show an error. It shows the error it had before a redraw. */
  addField(field) {
    this.#fields.set(field.blockId, field);
    field.showError(this.#errors[field.blockId]);
    for (const kind of ["input", "change"]) field.node.addEventListener(kind, () => this.#clearError(field));
  }

  #clearError(field) {
    delete this.#errors[field.blockId];
    field.showError(null);
  }

  /** Shows the errors under their fields and focuses the first such field. */
  showErrors(errors) {
    this.#errors = { ...errors };
    for (const field of this.fields) field.showError(errors[field.blockId]);
    const first = this.fields.find(({ blockId }) => errors[blockId]);
    first?.node.querySelector("input, select, textarea, button")?.focus();
  }

  get fields() {
    return [...this.#fields.values()];
  }

  /** Returns the values of the given blocks. */
  values(blockIds) {
    const wanted = new Set(blockIds);
    return Object.fromEntries([...this.#values].filter(([blockId]) => wanted.has(blockId)));
  }
}

function isEmpty(value) {
  const filled = Object.entries(value || {}).filter(([name]) => name !== "type");
  return filled.every(([, content]) =>
    content === null || content === "" || (Array.isArray(content) && !content.length));
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const URL_LIKE = /^https?:\/\/\S+\.?\S+$/i;

/** Returns the error that Slack's client shows before submitting, or null. */
export function clientError(block, value) {
  const element = block.element;
  if (isEmpty(value)) return block.optional ? null : "Please complete this required field.";
  const text = value.value;
  if (element.type === "email_text_input" && !EMAIL.test(text)) return "Enter a valid email address.";
  if (element.type === "url_text_input" && !URL_LIKE.test(text)) return "Enter a valid URL, beginning with https://";
  if (element.type === "number_input") return numberError(element, text);
  if (element.min_length && text?.length < element.min_length) {
    return `Please enter at least ${element.min_length} characters.`;
  }
  return null;
}

function numberError(element, text) {
  const number = Number(text);
  if (!Number.isFinite(number)) return "Enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Enter a whole number.";
  if (element.min_value != null && number < Number(element.min_value)) return `Enter ${element.min_value} or more.`;
  if (element.max_value != null && number > Number(element.max_value)) return `Enter ${element.max_value} or less.`;
  return null;
}
