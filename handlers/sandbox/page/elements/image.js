// Images. Only images from this machine are fetched; others are shown as their alt text.

import { el } from "../dom.js";

function isLocal(address) {
  try {
    return /^data:image\//.test(address) || new URL(address).origin === location.origin;
  } catch {
    return false;
  }
}

export function picture(address, altText, className) {
  if (address && isLocal(address)) return el("img", { class: className, src: address, alt: altText || "" });
  return el("span", { class: `${className} picture-missing`, role: "img", "aria-label": altText || "image", title: altText },
    el("span", { "aria-hidden": "true" }, "🖼"), className === "picture-small" ? null : el("span", {}, altText || "image"));
}

export function image(element) {
  return picture(element.image_url || element.slack_file?.url, element.alt_text, "picture-small");
}
