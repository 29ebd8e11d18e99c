/** When a revision was made: the time on the wall of the project's time zone, as `Create Date` and file names show it. */

export interface Moment {
  /** Whole seconds since the start of 1970 in UTC. */
  readonly epoch: number;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  /** Seconds that the wall is ahead of UTC; undefined for local time, which does not say. */
  readonly offset?: number;
}

/** The moment as a clock of that zone shows it; without a zone the clock shows UTC and does not say so. */
export function momentAt(milliseconds: number, timezone: string | undefined): Moment {
  const offset = timezone === undefined ? undefined : offsetAt(milliseconds, timezone);
  const wall = new Date(milliseconds + (offset ?? 0) * 1000);
  return {
    epoch: Math.floor(milliseconds / 1000),
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    microsecond: wall.getUTCMilliseconds() * 1000,
    ...(offset === undefined ? {} : { offset }),
  };
}

/** Known to the tables of this machine, under any spelling of upper and lower case. */
export function isTimeZone(name: string): boolean {
  // Python takes the names of the tz database only, and no mere offsets.
  return /^[A-Za-z]/.test(name) && formatterOf(name) !== undefined;
}

const formatters = new Map<string, Intl.DateTimeFormat | undefined>();

function formatterOf(timezone: string): Intl.DateTimeFormat | undefined {
  if (!formatters.has(timezone)) formatters.set(timezone, makeFormatter(timezone));
  return formatters.get(timezone);
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    return undefined;
  }
}

/** In seconds; 0 for a zone that is not known. */
function offsetAt(milliseconds: number, timezone: string): number {
  const parts = formatterOf(timezone)?.formatToParts(milliseconds) ?? [];
  if (parts.length === 0) return 0;
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((one) => one.type === type)?.value ?? 0);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return Math.round(wall / 1000) - Math.floor(milliseconds / 1000);
}

/** Python's `str()` of the moment, as the template writes it: `2026-03-04 05:06:07.123456+01:00`. */
export function renderMoment({ year, month, day, hour, minute, second, microsecond, offset }: Moment): string {
  const date = [padded(year, 4), padded(month, 2), padded(day, 2)].join("-");
  const time = [hour, minute, second].map((one) => padded(one, 2)).join(":");
  const fraction = microsecond === 0 ? "" : `.${padded(microsecond, 6)}`;
  return `${date} ${time}${fraction}${offset === undefined ? "" : renderOffset(offset)}`;
}

function renderOffset(offset: number): string {
  const size = Math.abs(offset);
  const seconds = size % 60;
  const parts = [Math.floor(size / 3600), Math.floor(size / 60) % 60, ...(seconds === 0 ? [] : [seconds])];
  return (offset < 0 ? "-" : "+") + parts.map((one) => padded(one, 2)).join(":");
}

const padded = (value: number, width: number): string => String(value).padStart(width, "0");

const written =
  /(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?)?(?:\s*(Z|[+-]\d{2}:?\d{2}(?::?\d{2})?))?/;

/** The moment that a `Create Date` tells; undefined where it tells none. Without an offset its epoch is that of UTC. */
export function parseMoment(text: string): Moment | undefined {
  const found = written.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((part: string | undefined, i) => Number(part ?? (i < 3 ? 1 : 0)));
  const offset = parseOffset(found[8]);
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  return {
    epoch: Math.floor(wall / 1000) - (offset ?? 0),
    year,
    month,
    day,
    hour,
    minute,
    second,
    microsecond: Number((found[7] ?? "").padEnd(6, "0")),
    ...(offset === undefined ? {} : { offset }),
  };
}

function parseOffset(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (text === "Z") return 0;
  const digits = text.replaceAll(/\D/g, "");
  const [hours = 0, minutes = 0, seconds = 0] = [0, 2, 4].map((at) => Number(digits.slice(at, at + 2)));
  return (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}
