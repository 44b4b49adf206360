// The people, user groups, channels and app of the workspace, and their names.

export const directory = { workspace: { name: "" }, app: {}, people: [], groups: [], channels: [] };

const PALETTE = ["#1264a3", "#2b7a4b", "#a23b72", "#b35c00", "#5b4bb5", "#0b7a75", "#a8323e", "#5a6b1f"];

export function setDirectory(response) {
  Object.assign(directory, response);
}

export function person(id) {
  return directory.people.find((member) => member.id === id) || null;
}

export function nameOf(id) {
  if (id === directory.app.user) return directory.app.name;
  const known = person(id);
  return known?.real_name || known?.name || id;
}

export function isApp(id) {
  return id === directory.app.user || Boolean(person(id)?.is_bot);
}

export const humans = () => directory.people.filter(({ id }) => !isApp(id));
export const channel = (id) => directory.channels.find((item) => item.id === id) || null;
export const group = (id) => directory.groups.find((item) => item.id === id) || null;
export const appChannel = () =>
  directory.channels.find(({ kind, peer }) => kind === "im" && peer === directory.app.user) || null;

/** The display name of a channel: `#support`, or the name of the other person in a DM. */
export function channelTitle(channel) {
  return channel.kind === "im" ? nameOf(channel.peer) : `#${channel.name}`;
}

export function colourOf(id) {
  const color = person(id)?.color;
  if (/^#?[0-9a-f]{6}$/i.test(color || "")) return color.startsWith("#") ? color : `#${color}`;
  const at = directory.people.findIndex((member) => member.id === id);
  return PALETTE[(at + PALETTE.length) % PALETTE.length];
}
