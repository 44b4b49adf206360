// What was filled in so far on one surface, in the shape of Slack's `view.state.values`.

export class Form {
  #values = new Map();
  #untold = new Map();
  #fields = new Map();
  #complaints = {};

  /** `known` is what the server holds already, as after the page was loaded anew. */
  constructor(known = {}) {
    for (const [blockId, fields] of Object.entries(known)) this.#values.set(blockId, fields);
  }

  /** What stands in a field now, or undefined if nobody drew or touched it. */
  valueOf(blockId, actionId) {
    return this.#values.get(blockId)?.[actionId];
  }

  set(blockId, actionId, value) {
    this.#values.set(blockId, { ...this.#values.get(blockId), [actionId]: value });
  }

  /** The same for what a person did, which the server has yet to hear of. */
  keep(blockId, actionId, value) {
    this.set(blockId, actionId, value);
    this.#untold.set(`${blockId}/${actionId}`, { blockId, actionId, value });
  }

  told(blockId, actionId) {
    this.#untold.delete(`${blockId}/${actionId}`);
  }

  takeUntold() {
    const untold = [...this.#untold.values()];
    this.#untold.clear();
    return untold;
  }

  /** Makes ready for drawing anew: values stay, for a redrawn field with the same ids keeps its words. */
  startDrawing() {
    this.#fields.clear();
  }

  /** A field that can say what is wrong with it; what was wrong before it was redrawn still is. */
  addField(field) {
    this.#fields.set(field.blockId, field);
    field.complain(this.#complaints[field.blockId]);
    for (const kind of ["input", "change"]) field.node.addEventListener(kind, () => this.#forgive(field));
  }

  #forgive(field) {
    delete this.#complaints[field.blockId];
    field.complain(null);
  }

  /** Shows a sentence under each field named, and brings the first of them into view to be mended. */
  complain(complaints) {
    this.#complaints = { ...complaints };
    for (const field of this.fields) field.complain(complaints[field.blockId]);
    const first = this.fields.find(({ blockId }) => complaints[blockId]);
    first?.node.querySelector("input, select, textarea, button")?.focus();
  }

  get fields() {
    return [...this.#fields.values()];
  }

  /** The values of the blocks that are on the surface now. */
  values(blockIds) {
    const wanted = new Set(blockIds);
    return Object.fromEntries([...this.#values].filter(([blockId]) => wanted.has(blockId)));
  }
}

function isEmpty(value) {
  const filled = Object.entries(value || {}).filter(([name]) => name !== "type");
  return filled.every(([, one]) => one === null || one === "" || (Array.isArray(one) && !one.length));
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const URL_LIKE = /^https?:\/\/\S+\.?\S+$/i;

/** What Slack's own client would refuse before it asks the app; null if it would let this pass. */
export function refusal(block, value) {
  const element = block.element;
  if (isEmpty(value)) return block.optional ? null : "Please complete this required field.";
  const text = value.value;
  if (element.type === "email_text_input" && !EMAIL.test(text)) return "Enter a valid email address.";
  if (element.type === "url_text_input" && !URL_LIKE.test(text)) return "Enter a valid URL, beginning with https://";
  if (element.type === "number_input") return numberRefusal(element, text);
  if (element.min_length && text?.length < element.min_length) {
    return `Please enter at least ${element.min_length} characters.`;
  }
  return null;
}

function numberRefusal(element, text) {
  const number = Number(text);
  if (!Number.isFinite(number)) return "Enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Enter a whole number.";
  if (element.min_value != null && number < Number(element.min_value)) return `Enter ${element.min_value} or more.`;
  if (element.max_value != null && number > Number(element.max_value)) return `Enter ${element.max_value} or less.`;
  return null;
}
