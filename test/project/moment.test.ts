import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTimeZone, momentAt, parseMoment, renderMoment } from "../../server/src/project/moment.ts";

const instant = fc.integer({ min: Date.UTC(1971, 0, 1), max: Date.UTC(2099, 11, 31) });
const zone = fc.constantFrom(undefined, "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia");

test("a moment is what it is written as, in every time zone", () => {
  fc.assert(
    fc.property(instant, zone, (milliseconds, timezone) => {
      const moment = momentAt(milliseconds, timezone);
      expect(parseMoment(renderMoment(moment))).toEqual(moment);
      expect(moment.epoch).toBe(Math.floor(milliseconds / 1000));
    }),
  );
});

describe("a Create Date", () => {
  test.each([
    ["2024-01-15 10:00:00.000001", { hour: 10, microsecond: 1, epoch: 1_705_312_800 }],
    ["2024-01-15 10:00:00+02:00", { hour: 10, offset: 7200, epoch: 1_705_305_600 }],
    ["2024-01-15T10:00Z", { hour: 10, minute: 0, offset: 0 }],
    ["2024-01-15", { year: 2024, month: 1, day: 15, hour: 0 }],
  ])("%s is read", (text, expected) => {
    expect(parseMoment(text)).toMatchObject(expected);
  });

  test("that is none is not", () => {
    for (const text of ["", "yesterday", "15.1.2024"]) expect(parseMoment(text)).toBeUndefined();
  });
});

test("time zones are those that have names", () => {
  expect(["UTC", "utc", "Europe/Berlin", "EST5EDT", "Etc/GMT+1"].filter(isTimeZone)).toHaveLength(5);
  expect(["", "+01:00", "Mars/Base", "UTC+1", "../x"].filter(isTimeZone)).toEqual([]);
});
