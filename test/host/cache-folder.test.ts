import { expect, test } from "vitest";
import { cacheFolder } from "../../server/src/host/cache-folder.ts";

test.each([
  ["Linux", {}, "linux", "/home/ada", "/home/ada/.cache/retort"],
  ["Linux with a choice", { XDG_CACHE_HOME: "/var/cache/ada" }, "linux", "/home/ada", "/var/cache/ada/retort"],
  ["Linux with a relative choice", { XDG_CACHE_HOME: "cache" }, "linux", "/home/ada", "/home/ada/.cache/retort"],
  ["macOS", {}, "darwin", "/Users/ada", "/Users/ada/Library/Caches/retort"],
  ["nobody's home", {}, "linux", "", undefined],
  ["Windows without the variable", {}, "win32", "C:\\Users\\ada", undefined],
] as const)("on %s", (_, env, platform, home, expected) => {
  expect(cacheFolder(env, platform, home)).toBe(expected);
});

test("on Windows it is the local one, which does not follow the user to other machines", () => {
  // Whether a path is absolute is asked of the platform that the test runs on.
  expect(cacheFolder({ LOCALAPPDATA: "/AppData/Local" }, "win32", "/Users/ada")).toContain("/AppData/Local");
});
