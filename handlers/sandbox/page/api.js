// The one way to the server: what it is asked, and how a refusal is told.

export class Refused extends Error {}

async function answer(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

function post(path, body) {
  return answer(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export const fetchPeople = () => answer("/sandbox/people");
export const fetchState = (viewer) => answer(`/sandbox/state?as=${encodeURIComponent(viewer)}`);
export const fetchClock = () => answer("/sandbox/clock");
export const windClock = (how) => post("/sandbox/clock", how);

/** Waits until something happened after `version`, or some twenty seconds. */
export const fetchChanges = (version) => answer(`/sandbox/changes?since=${version}`);

/** Does one thing as one person. Throws `Refused` with the server's sentence. */
export async function perform(viewer, what, details) {
  const reply = await post("/sandbox/do", { as: viewer, do: what, ...details });
  if (!reply.ok) throw new Refused(reply.error || "That did not work.");
  return reply;
}
