// The URL fragment: the viewer, the channel and the thread. A copied URL opens the same view.

export const HOME = "home";

export function readAddress() {
  const params = new URLSearchParams(location.hash.slice(1));
  return { viewer: params.get("as"), place: params.get("in"), thread: params.get("thread") };
}

export function writeAddress({ viewer, place, thread }) {
  const params = new URLSearchParams();
  if (viewer) params.set("as", viewer);
  if (place) params.set("in", place);
  if (thread) params.set("thread", thread);
  const hash = `#${params}`;
  if (hash !== location.hash) history.pushState(null, "", hash);
}
