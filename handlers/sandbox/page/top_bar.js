// The bar at the top: a note about the sandbox, the clock, and the person switcher.

import { fetchClock, windClock } from "./api.js";
import { avatar } from "./avatar.js";
import { humans, nameOf, person } from "./directory.js";
import { el } from "./dom.js";
import { changed, go, refresh, session, viewer } from "./session.js";
import { clockTime, shortDay } from "./text/dates.js";
import { toast } from "./toasts.js";
import { isWaiting } from "./waiting.js";

const POLL_MS = 10_000;
const WINDS = [
  ["+15 min", () => ({ advance: 15 * 60 })],
  ["+1 h", () => ({ advance: 60 * 60 })],
  ["Next morning", () => ({ advance_to: "next_morning", tz: viewer()?.tz || "UTC" })],
];

let drawn = null;

export function showTopBar() {
  drawn ??= draw();
  const tz = viewer()?.tz;
  drawn.day.textContent = shortDay(session.now, tz);
  drawn.time.textContent = clockTime(session.now, tz);
  drawn.zone.textContent = (tz || "").split("/").at(-1).replaceAll("_", " ");
  const title = person(session.viewer)?.title;
  const name = nameOf(session.viewer || "").split(" ")[0];
  drawn.you.replaceChildren("You are ", el("strong", {}, name), title ? ` · ${title}` : "");
  for (const button of drawn.faces.children) {
    const { person: id } = button.dataset;
    button.setAttribute("aria-pressed", String(id === session.viewer));
    button.classList.toggle("face-waiting", isWaiting(id));
    button.title = isWaiting(id) ? `${button.ariaLabel}: a new direct message` : button.ariaLabel;
  }
}

function draw() {
  const parts = {
    day: el("span", { class: "clock-day" }),
    time: el("strong", { class: "clock-time", data: { testid: "clock" } }),
    zone: el("span", { class: "clock-zone" }),
    you: el("span", { class: "you", data: { testid: "you" } }),
    faces: el("div", { class: "faces", role: "group", "aria-label": "Switch person" }, ...humans().map(face)),
  };
  document.getElementById("top-bar").replaceChildren(
    el("span", { class: "top-bar-words" }, "A Slack workspace on this machine, for trying Baton"),
    el("span", { class: "offline-words", role: "status" }, "The sandbox is not responding"),
    el("div", { class: "clock", role: "group", "aria-label": "Clock" },
      el("span", { class: "clock-face" }, parts.day, parts.time, parts.zone), ...WINDS.map(windButton)),
    el("div", { class: "switcher" }, parts.you, parts.faces));
  return parts;
}

function face({ id, title }) {
  const label = title ? `${nameOf(id)}, ${title}` : nameOf(id);
  return el("button", {
    type: "button", class: "face", data: { person: id }, "aria-label": label, onclick: () => go({ viewer: id }),
  }, avatar(id, "small"));
}

function windButton([label, change]) {
  const button = el("button", { type: "button", class: "advance", onclick: async () => {
    button.disabled = true;
    await advance(change());
    button.disabled = false;
  } }, label);
  return button;
}

async function advance(change) {
  try {
    const { now } = await windClock(change);
    session.now = now;
    await refresh();
  } catch {
    toast("The clock could not be moved.");
  }
}

/** Polls the clock, because it may run by itself. */
export function followClock() {
  setInterval(async () => {
    const { now } = await fetchClock().catch(() => session);
    const isNewMinute = Math.floor(now / 60) !== Math.floor(session.now / 60);
    session.now = now;
    if (isNewMinute) changed();
  }, POLL_MS);
}
