// Keeping the keyboard inside a dialog, and giving it back where it came from.

const REACHABLE = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled])";

/** Traps Tab inside `box`, calls `escape` on Esc. Returns what ends the trap. */
export function trapFocus(box, { escape }) {
  const cameFrom = document.activeElement;
  const onKey = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      escape();
    } else if (event.key === "Tab") {
      keepInside(box, event);
    }
  };
  box.addEventListener("keydown", onKey);
  return () => {
    box.removeEventListener("keydown", onKey);
    if (cameFrom?.isConnected) cameFrom.focus();
  };
}

function keepInside(box, event) {
  const reachable = [...box.querySelectorAll(REACHABLE)].filter((one) => one.offsetParent !== null);
  const first = reachable[0];
  const last = reachable.at(-1);
  const leaves = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaves && box.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
