// Create DOM nodes. All text is inserted as text nodes, so user input can never become markup.

const SVG = "http://www.w3.org/2000/svg";
let ids = 0;

/** Creates an element. Props named `on*` are listeners, `data` is the dataset; null and false are skipped. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "data") Object.assign(node.dataset, value);
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

export function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** A button with an icon and an accessible label. */
export function iconButton(icon, label, props = {}) {
  return el("button", { type: "button", title: label, "aria-label": label, ...props }, icon);
}

export function freshId(stem) {
  ids += 1;
  return `${stem}-${ids}`;
}
