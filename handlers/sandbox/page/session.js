// The page's state: the viewer, the open channel and thread, and the last state from the server.

import { Refused, fetchState, perform } from "./api.js";
import { HOME, readAddress, writeAddress } from "./address.js";
import { appChannel, channel, directory, humans, person } from "./directory.js";
import { toast } from "./toasts.js";

export const session = { viewer: null, place: null, thread: null, state: null, now: Date.now() / 1000 };

const listeners = [];
let latest = null;

/** Calls `listener` after every change of the state. */
export function onChange(listener) {
  listeners.push(listener);
}

export function changed() {
  for (const listener of listeners) listener();
}

export const viewer = () => person(session.viewer);
export const messagesIn = (id) => session.state?.messages[id] || [];

/** Switches the viewer, place or thread. What is not given stays; a new place closes the thread. */
export async function go({ viewer: id, place, thread }, { remember = true } = {}) {
  const isNewViewer = id !== undefined && id !== session.viewer;
  if (isNewViewer) Object.assign(session, { viewer: id, state: null, thread: null });
  if (place !== undefined && place !== session.place) Object.assign(session, { place, thread: null });
  if (thread !== undefined) session.thread = thread;
  if (isNewViewer) await refresh();
  settlePlace();
  if (remember) writeAddress(session);
  changed();
  if (session.place === HOME && (place !== undefined || isNewViewer)) await act("home", {});
}

export async function goToAddress() {
  const { viewer: id, place, thread } = readAddress();
  const known = person(id) ? id : session.viewer || humans()[0]?.id;
  await go({ viewer: known, place: place || session.place, thread }, { remember: false });
  writeAddress(session);
}

function settlePlace() {
  if (session.place === HOME || channel(session.place)) return;
  const open = directory.channels.filter(({ archived }) => !archived);
  const first = open.find(({ name }) => name === "support") || open[0] || appChannel();
  Object.assign(session, { place: first?.id || HOME, thread: null });
}

/** Fetches the state again. If a newer refresh has started, the older one waits for it. */
export function refresh() {
  const current = fetchState(session.viewer).then((state) => (latest === current ? apply(state) : latest));
  latest = current;
  return current;
}

function apply(state) {
  session.state = state;
  session.now = state.now;
  directory.channels = state.channels;
  changed();
}

/** Performs an action as the viewer and refreshes. Resolves to true if the server accepted it. */
export async function act(action, details) {
  let accepted = true;
  try {
    await perform(session.viewer, action, details);
  } catch (error) {
    accepted = false;
    toast(error instanceof Refused ? error.message : "No response from the sandbox. Is it still running?");
  }
  await refresh().catch(() => {});
  return accepted;
}
