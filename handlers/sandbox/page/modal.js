// The form on top: drawn once for each view, and left alone while somebody fills it in.

import { drawBlocks } from "./blocks/index.js";
import { avatar } from "./avatar.js";
import { directory } from "./directory.js";
import { el, iconButton } from "./dom.js";
import { trapFocus } from "./focus.js";
import { Form, refusal } from "./form.js";
import { act, session } from "./session.js";
import { Surface } from "./surface.js";
import { plainString } from "./text/plain.js";
import { textNodes } from "./text/text_object.js";

const forms = new Map();
let shown = null;

export function showModal() {
  const modal = session.state.modal;
  const print = modal && [session.viewer, modal.id, modal.view.hash ?? JSON.stringify(modal.view), modal.depth].join("|");
  if (print !== (shown?.print ?? null)) replace(modal, print);
  if (modal) heed(modal.errors || {});
}

/** Shows what the app found wrong, once: what was mended since is not held against anybody again. */
function heed(errors) {
  const heard = JSON.stringify(errors);
  if (heard === shown.heard) return;
  shown.heard = heard;
  shown.form.complain(errors);
}

function replace(modal, print) {
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
  shown = { print, form, id: modal.id, heard: "{}", release: trapFocus(box, { escape: () => close(modal.id) }) };
  box.querySelector(".dialog-body").scrollTop = scrolled;
  focusIn(box, focused);
}

function focusIn(box, actionId) {
  const again = actionId && box.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`);
  const first = box.querySelector("[autofocus]")
    || box.querySelector(".dialog-body :is(input, select, textarea, .multi-face)") || box;
  (again || first).focus();
}

function drawDialog({ id, view, depth }, form) {
  const surface = new Surface({ kind: "modal", target: { view_id: id }, form, blocks: view.blocks || [] });
  const leave = depth > 1
    ? iconButton("‹", "Back", { class: "dialog-leave", onclick: () => close(id) })
    : iconButton("✕", "Leave this form", { class: "dialog-leave", onclick: () => close(id) });
  const send = el("button", { type: "submit", class: "button button-primary" }, ...textNodes(view.submit));
  return el("form", {
    class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": "dialog-title", novalidate: true,
    tabindex: "-1", data: { viewId: id, callbackId: view.callback_id || "" },
    onsubmit: (event) => {
      event.preventDefault();
      submit(id, surface, send);
    },
    onkeydown: (event) => sendByKey(event),
  },
  el("header", { class: "dialog-head" }, avatar(directory.app.user || "", "small"),
    el("h2", { class: "dialog-title", id: "dialog-title" }, plainString(view.title)), leave),
  el("div", { class: "dialog-body" }, drawBlocks(surface)),
  el("footer", { class: "dialog-foot" },
    el("button", { type: "button", class: "button", onclick: () => close(id) },
      ...textNodes(view.close || { text: view.submit ? "Cancel" : "Close" })),
    view.submit ? send : null));
}

/** Ctrl+Enter sends from anywhere; Enter in a line does not, so that no half-filled form is sent. */
function sendByKey(event) {
  if (event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) event.currentTarget.requestSubmit();
  else if (event.target.tagName !== "INPUT") return;
  event.preventDefault();
}

const close = (id) => act("close", { view_id: id });

function ownRefusals(form) {
  const found = form.fields.map(({ blockId, block }) =>
    [blockId, refusal(block, form.valueOf(blockId, block.element.action_id))]);
  return Object.fromEntries(found.filter(([, sentence]) => sentence));
}

async function submit(id, surface, send) {
  const { form } = surface;
  const refused = ownRefusals(form);
  form.complain(refused);
  if (Object.keys(refused).length) return;
  if (shown) shown.heard = "{}";
  setWaiting(send, true);
  const state = form.values(surface.blocks.map((block) => block.block_id));
  await act("submit", { view_id: id, state });
  setWaiting(send, false);
}

function setWaiting(send, isWaiting) {
  send.disabled = isWaiting;
  send.classList.toggle("waiting", isWaiting);
}
