// Times in the viewer's time zone, and Slack's date tokens.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August",
  "September", "October", "November", "December"];
const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAY = 86400;
const formats = new Map();

function formatFor(tz) {
  if (!formats.has(tz)) {
    formats.set(tz, new Intl.DateTimeFormat("en-US", {
      timeZone: tz, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    }));
  }
  return formats.get(tz);
}

/** Returns the local time in `tz` at `epoch` (seconds): year, month (1..12), day, hour, minute, second, weekday. */
export function wallClock(epoch, tz) {
  const wall = {};
  for (const { type, value } of formatFor(tz || "UTC").formatToParts(epoch * 1000)) {
    wall[type] = Number(value);
  }
  wall.weekday = new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay();
  return wall;
}

/** Returns the epoch seconds of a local time in `tz`. It is ambiguous when daylight saving time starts or ends. */
export function epochAt({ year, month, day, hour, minute }, tz) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  let guess = wanted;
  for (let round = 0; round < 2; round += 1) {
    const at = wallClock(guess, tz);
    guess += wanted - Date.UTC(at.year, at.month - 1, at.day, at.hour, at.minute, at.second) / 1000;
  }
  return guess;
}

export const two = (number) => String(number).padStart(2, "0");
export const isoDate = (wall) => `${wall.year}-${two(wall.month)}-${two(wall.day)}`;
export const dayOf = (epoch, tz) => isoDate(wallClock(epoch, tz));

export function clockTime(epoch, tz, { seconds = false } = {}) {
  const wall = wallClock(epoch, tz);
  const tail = seconds ? `:${two(wall.second)}` : "";
  return `${wall.hour % 12 || 12}:${two(wall.minute)}${tail} ${wall.hour < 12 ? "AM" : "PM"}`;
}

/** Returns a short date: `Mon, Nov 23`. */
export function shortDay(epoch, tz) {
  const wall = wallClock(epoch, tz);
  return `${DAYS[wall.weekday].slice(0, 3)}, ${MONTHS[wall.month - 1].slice(0, 3)} ${wall.day}`;
}

function ordinal(number) {
  if (number % 100 > 10 && number % 100 < 14) return `${number}th`;
  return number + ({ 1: "st", 2: "nd", 3: "rd" }[number % 10] || "th");
}

function nearDay(epoch, tz, now) {
  const day = dayOf(epoch, tz);
  if (day === dayOf(now, tz)) return "today";
  if (day === dayOf(now - DAY, tz)) return "yesterday";
  return day === dayOf(now + DAY, tz) ? "tomorrow" : null;
}

function ago(epoch, now) {
  const past = Math.abs(now - epoch);
  const units = [["day", DAY], ["hour", 3600], ["minute", 60]];
  const [unit, length] = units.find(([, size]) => past >= size) || ["second", 1];
  const count = Math.floor(past / length);
  const words = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return epoch > now ? `in ${words}` : `${words} ago`;
}

/** Fills Slack's date tokens (`{date_short_pretty} at {time}`) for a reader in `tz`. Unknown tokens stay. */
export function fillTokens(format, epoch, tz, now) {
  const wall = wallClock(epoch, tz);
  const month = MONTHS[wall.month - 1];
  const date = `${month} ${ordinal(wall.day)}, ${wall.year}`;
  const short = `${month.slice(0, 3)} ${wall.day}, ${wall.year}`;
  const near = nearDay(epoch, tz, now);
  const sameYear = wall.year === wallClock(now, tz).year;
  const weekday = DAYS[wall.weekday];
  const filled = {
    date, date_short: short, date_long: `${weekday}, ${date}`,
    date_num: isoDate(wall), date_slash: `${two(wall.month)}/${two(wall.day)}/${wall.year}`,
    date_long_full: `${month} ${wall.day}, ${wall.year}`,
    date_pretty: near || date, date_short_pretty: near || short,
    date_long_pretty: near || `${weekday}, ${date}`,
    day_divider_pretty: near || (sameYear ? `${weekday}, ${month} ${ordinal(wall.day)}` : `${weekday}, ${date}`),
    time: clockTime(epoch, tz), time_secs: clockTime(epoch, tz, { seconds: true }),
    ago: ago(epoch, now),
  };
  return format.replace(/\{(\w+)\}/g, (token, name, at) => {
    const word = filled[name] ?? token;
    return at === 0 && word === near ? word[0].toUpperCase() + word.slice(1) : word;
  });
}
