// The choices of a select: its own options, people or channels.

import { channelTitle, directory, humans, nameOf, person } from "../directory.js";
import { plainString } from "../text/plain.js";

const listed = (options) => (options || []).map((option) => ({
  value: option.value, label: plainString(option.text), note: plainString(option.description), stateValue: option,
}));

const people = () => humans().map(({ id }) => ({
  value: id, label: nameOf(id), note: person(id)?.title || "", stateValue: id,
}));

const channels = (kinds) => directory.channels
  .filter((channel) => kinds.includes(channel.kind) && !channel.archived)
  .map((channel) => ({ value: channel.id, label: channelTitle(channel), note: "", stateValue: channel.id }));

/** Returns the choices in groups: `[{title, choices}]`, with the title "" for no group. */
export function choicesOf(element) {
  if (element.option_groups) {
    return element.option_groups.map((group) => ({ title: plainString(group.label), choices: listed(group.options) }));
  }
  const kind = element.type.replace(/^multi_/, "");
  const choices = {
    static_select: () => listed(element.options),
    users_select: people,
    channels_select: () => channels(["public"]),
    conversations_select: () => channels(["public", "private", "im"]),
  }[kind]();
  return [{ title: "", choices }];
}

/** Returns the key of the selection in the field state, and the initial selection. */
export function selectionOf(element) {
  const several = element.type.startsWith("multi_");
  const name = element.type.replace(/^multi_/, "").replace(/s?_select$/, "");
  const noun = { static: "option", user: "user", channel: "channel", conversation: "conversation" }[name];
  const key = several ? `selected_${noun}s` : `selected_${noun}`;
  const initial = element[several ? `initial_${noun}s` : `initial_${noun}`];
  return { key, initial: initial ?? (several ? [] : null) };
}

export const valueOf = (selected) => (typeof selected === "string" ? selected : selected?.value);
