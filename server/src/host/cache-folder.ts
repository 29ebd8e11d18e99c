import { homedir } from "node:os";
import path from "node:path";

/** Where programs of this user keep what they can make again: never in the workspace. Undefined where there is no such place. */
export function cacheFolder(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string | undefined {
  const given = env["XDG_CACHE_HOME"] ?? "";
  // A relative path counts as unset (XDG Base Directory Specification), and so does one here.
  const folders = [given, platform === "win32" ? (env["LOCALAPPDATA"] ?? "") : usual(platform, home)];
  const folder = folders.find((one) => path.isAbsolute(one));
  return folder === undefined ? undefined : path.join(folder, "retort");
}

const usual = (platform: NodeJS.Platform, home: string): string =>
  home === "" ? "" : path.join(home, ...(platform === "darwin" ? ["Library", "Caches"] : [".cache"]));
