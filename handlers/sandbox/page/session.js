// What this visitor sees now: the person they are, the place they look at, and the server's last answer.

import { Refused, fetchState, perform } from "./api.js";
import { HOME, readAddress, writeAddress } from "./address.js";
import { appChannel, channel, directory, humans, person } from "./directory.js";
import { toast } from "./toasts.js";

export const session = { viewer: null, place: null, thread: null, state: null, now: Date.now() / 1000 };

const listeners = [];
let latest = null;

/** `listener` is called after every change of what there is to see. */
export function onChange(listener) {
  listeners.push(listener);
}

export function changed() {
  for (const listener of listeners) listener();
}

export const viewer = () => person(session.viewer);
export const messagesIn = (id) => session.state?.messages[id] || [];

/** Goes to a person, a place or a thread; what is not named stays, a new place closes the thread. */
export async function go({ viewer: who, place, thread }, { remember = true } = {}) {
  const isOther = who !== undefined && who !== session.viewer;
  if (isOther) Object.assign(session, { viewer: who, state: null, thread: null });
  if (place !== undefined && place !== session.place) Object.assign(session, { place, thread: null });
  if (thread !== undefined) session.thread = thread;
  if (isOther) await refresh();
  settlePlace();
  if (remember) writeAddress(session);
  changed();
  if (session.place === HOME && (place !== undefined || isOther)) await act("home", {});
}

export async function goToAddress() {
  const { viewer: who, place, thread } = readAddress();
  const known = person(who) ? who : session.viewer || humans()[0]?.id;
  await go({ viewer: known, place: place || session.place, thread }, { remember: false });
  writeAddress(session);
}

function settlePlace() {
  if (session.place === HOME || channel(session.place)) return;
  const open = directory.channels.filter((one) => !one.archived);
  const first = open.find((one) => one.name === "support") || open[0] || appChannel();
  Object.assign(session, { place: first?.id || HOME, thread: null });
}

/** Asks the server for everything again. Who is overtaken by a later question waits for its answer. */
export function refresh() {
  const mine = fetchState(session.viewer).then((state) => (latest === mine ? take(state) : latest));
  latest = mine;
  return mine;
}

function take(state) {
  session.state = state;
  session.now = state.now;
  directory.channels = state.channels;
  changed();
}

/** Does something as this person and shows what came of it. True if the server agreed. */
export async function act(what, details) {
  let agreed = true;
  try {
    await perform(session.viewer, what, details);
  } catch (error) {
    agreed = false;
    toast(error instanceof Refused ? error.message : "The sandbox did not answer. Is it still running?");
  }
  await refresh().catch(() => {});
  return agreed;
}
