// The top modal. It is redrawn only when its view changes, so that input is not disturbed.

import { drawBlocks } from "./blocks/index.js";
import { avatar } from "./avatar.js";
import { directory } from "./directory.js";
import { el, iconButton } from "./dom.js";
import { trapFocus } from "./focus.js";
import { Form, clientError } from "./form.js";
import { act, session } from "./session.js";
import { Surface } from "./surface.js";
import { plainString } from "./text/plain.js";
import { textNodes } from "./text/text_object.js";

const forms = new Map();
let shown = null;

export function showModal() {
  const modal = session.state.modal;
  const key = modal && [session.viewer, modal.id, modal.view.hash ?? JSON.stringify(modal.view), modal.depth].join("|");
  if (key !== (shown?.key ?? null)) replace(modal, key);
  if (modal) showAppErrors(modal.errors || {});
}

/** Shows the app's errors once, so that an error on a corrected field does not come back. */
function showAppErrors(errors) {
  const serialized = JSON.stringify(errors);
  if (serialized === shown.errors) return;
  shown.errors = serialized;
  shown.form.showErrors(errors);
}

function replace(modal, key) {
  const root = document.getElementById("modal");
  const focused = document.activeElement?.closest("#modal [data-action-id]")?.dataset.actionId;
  const scrolled = modal?.id === shown?.id ? root.querySelector(".dialog-body")?.scrollTop ?? 0 : 0;
  shown?.release();
  shown = null;
  root.replaceChildren();
  document.body.classList.toggle("modal-open", Boolean(modal));
  if (!modal) return;
  if (!forms.has(modal.id)) forms.set(modal.id, new Form(modal.view.state?.values));
  const form = forms.get(modal.id);
  const box = drawDialog(modal, form);
  root.append(el("div", { class: "overlay" }, box));
  shown = { key, form, id: modal.id, errors: "{}", release: trapFocus(box, { escape: () => close(modal.id) }) };
  box.querySelector(".dialog-body").scrollTop = scrolled;
  focusIn(box, focused);
}

function focusIn(box, actionId) {
  const previous = actionId && box.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`);
  const first = box.querySelector("[autofocus]")
    || box.querySelector(".dialog-body :is(input, select, textarea, .multi-face)") || box;
  (previous || first).focus();
}

function drawDialog({ id, view, depth }, form) {
  const surface = new Surface({ kind: "modal", target: { view_id: id }, form, blocks: view.blocks || [] });
  const leave = depth > 1
    ? iconButton("‹", "Back", { class: "dialog-leave", onclick: () => close(id) })
    : iconButton("✕", "Close form", { class: "dialog-leave", onclick: () => close(id) });
  const submitButton = el("button", { type: "submit", class: "button button-primary" }, ...textNodes(view.submit));
  return el("form", {
    class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": "dialog-title", novalidate: true,
    tabindex: "-1", data: { viewId: id, callbackId: view.callback_id || "" },
    onsubmit: (event) => {
      event.preventDefault();
      submit(id, surface, submitButton);
    },
    onkeydown: (event) => submitByKey(event),
  },
  el("header", { class: "dialog-head" }, avatar(directory.app.user || "", "small"),
    el("h2", { class: "dialog-title", id: "dialog-title" }, plainString(view.title)), leave),
  el("div", { class: "dialog-body" }, drawBlocks(surface)),
  el("footer", { class: "dialog-foot" },
    el("button", { type: "button", class: "button", onclick: () => close(id) },
      ...textNodes(view.close || { text: view.submit ? "Cancel" : "Close" })),
    view.submit ? submitButton : null));
}

/** Ctrl+Enter submits from any field. Enter alone does not, so that no half-filled form is submitted. */
function submitByKey(event) {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) event.currentTarget.requestSubmit();
  else if (event.target.tagName !== "INPUT") return;
  event.preventDefault();
}

const close = (id) => act("close", { view_id: id });

function clientErrors(form) {
  const found = form.fields.map(({ blockId, block }) =>
    [blockId, clientError(block, form.valueOf(blockId, block.element.action_id))]);
  return Object.fromEntries(found.filter(([, error]) => error));
}

async function submit(id, surface, submitButton) {
  const { form } = surface;
  const errors = clientErrors(form);
  form.showErrors(errors);
  if (Object.keys(errors).length) return;
  if (shown) shown.errors = "{}";
  setWaiting(submitButton, true);
  const state = form.values(surface.blocks.map((block) => block.block_id));
  await act("submit", { view_id: id, state });
  setWaiting(submitButton, false);
}

function setWaiting(submitButton, isWaiting) {
  submitButton.disabled = isWaiting;
  submitButton.classList.toggle("waiting", isWaiting);
}
