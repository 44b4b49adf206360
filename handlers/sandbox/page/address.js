// The part of the address after `#`: who is looking, at what. A copied address opens the same view.

export const HOME = "home";

export function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  return { viewer: said.get("as"), place: said.get("in"), thread: said.get("thread") };
}

export function writeAddress({ viewer, place, thread }) {
  const said = new URLSearchParams();
  if (viewer) said.set("as", viewer);
  if (place) said.set("in", place);
  if (thread) said.set("thread", thread);
  const hash = `#${said}`;
  if (hash !== location.hash) history.pushState(null, "", hash);
}
