import { describe, expect, test } from "vitest";
import { interpreterCandidates, type Surroundings } from "../../client/src/alembic/candidates.ts";

const around: Surroundings = {
  setting: "",
  fromExtensions: [],
  folder: "/repo/shop/backend",
  workspaceFolder: "/repo/shop",
  platform: "linux",
  home: "/home/me",
  exists: () => false,
};
const commands = (over: Partial<Surroundings>): string[] =>
  interpreterCandidates({ ...around, ...over }).map(({ command, args }) => [command, ...args].join(" "));

describe("interpreters are tried", () => {
  test("as the setting says, and no other", () => {
    const exists = (): boolean => true;
    expect(commands({ setting: "/opt/python3" })).toEqual(["/opt/python3"]);
    expect(commands({ setting: "python3.12" })).toEqual(["python3.12"]);
    expect(commands({ setting: "~/env/bin/python" })).toEqual(["/home/me/env/bin/python"]);
    expect(commands({ setting: "./.venv", exists })).toEqual(["/repo/shop/.venv/bin/python"]);
  });

  test("in the order: Python extensions, environments from the config upwards, PATH", () => {
    expect(
      commands({
        fromExtensions: [{ command: "/conda/python", args: [], from: "extension" }],
        exists: (file) => ["/repo/shop/backend/venv/bin/python", "/repo/shop/.venv/bin/python"].includes(file),
      }),
    ).toEqual([
      "/conda/python",
      "/repo/shop/backend/venv/bin/python",
      "/repo/shop/.venv/bin/python",
      "python3",
      "python",
    ]);
  });

  test("no higher than the workspace folder", () => {
    const exists = (file: string): boolean => file === "/repo/.venv/bin/python";
    expect(commands({ exists })).toEqual(["python3", "python"]);
    expect(commands({ exists, workspaceFolder: "/repo" })).toContain("/repo/.venv/bin/python");
  });

  test("with the launcher on Windows", () => {
    expect(commands({ platform: "win32" })).toEqual(["py -3", "python"]);
  });

  test("through the tool whose lock file is there, before the PATH, and without installing anything", () => {
    const lock = (name: string) => ({ exists: (file: string) => file === `/repo/shop/${name}` });
    expect(commands(lock("uv.lock"))[0]).toBe("uv run --no-sync python");
    expect(commands(lock("poetry.lock"))[0]).toBe("poetry run python");
    expect(commands(lock("pixi.lock"))[0]).toBe("pixi run --frozen --no-install python");
  });

  test("not at all where a setting gives Alembic's own command", () => {
    const spoken = (...alembicCommand: string[]) => interpreterCandidates({ ...around, alembicCommand, setting: "/p" });
    expect(spoken("docker", "compose", "exec", "-T", "app", "alembic")).toMatchObject([
      { command: "docker", args: ["compose", "exec", "-T", "app", "alembic"], speaks: "alembic", isRunner: true },
    ]);
    expect(spoken("uv", "run", "flask", "--app", "shop", "db")).toMatchObject([{ speaks: "flask" }]);
    expect(spoken("./flask-thing", "db")).toMatchObject([{ speaks: "alembic" }]);
  });
});
