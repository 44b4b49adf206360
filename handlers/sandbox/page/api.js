// All requests to the sandbox server.

/** The server refused an action; the message is for the person at the page. */
export class Refused extends Error {}

async function fetchJson(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${path} returned ${response.status}`);
  return response.json();
}

function post(path, body) {
  return fetchJson(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const fetchPeople = () => fetchJson("/sandbox/people");
export const fetchState = (viewer) => fetchJson(`/sandbox/state?as=${encodeURIComponent(viewer)}`);
export const fetchClock = () => fetchJson("/sandbox/clock");
export const windClock = (change) => post("/sandbox/clock", change);

/** Long-polls for a version newer than `version`, for up to 20 seconds. */
export const fetchChanges = (version) => fetchJson(`/sandbox/changes?since=${version}`);

/** Performs an action as `viewer`. Throws `Refused` with the server's message. */
export async function perform(viewer, action, details) {
  const reply = await post("/sandbox/do", { as: viewer, do: action, ...details });
  if (!reply.ok) throw new Refused(reply.error || "That did not work.");
  return reply;
}
