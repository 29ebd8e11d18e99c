import { describe, expect, test } from "vitest";
import { alembicArguments, parseArguments } from "../../client/src/alembic/arguments.ts";

const project = { config: "/app/alembic.ini", section: "alembic" };

describe("the command line", () => {
  test("names the config, its section and what env.py gets", () => {
    expect(
      alembicArguments({ ...project, section: "billing", arguments: ["tenant=one"] }, ["upgrade", "head"]),
    ).toEqual([...["-m", "alembic", "-c", "/app/alembic.ini", "-n", "billing", "-x", "tenant=one", "upgrade", "head"]]);
  });

  test("of a command in a container names no file of this machine, unless Alembic would not find it", () => {
    expect(alembicArguments(project, ["current"], "alembic")).toEqual(["current"]);
    expect(alembicArguments({ ...project, config: "/app/other.ini" }, ["current"], "alembic")).toEqual([
      ...["-c", "other.ini", "current"],
    ]);
  });

  test("speaks Flask-Migrate's words", () => {
    const ini = "/app/migrations/alembic.ini";
    const withArgument = { config: ini, section: "billing", arguments: ["a=1"] };
    const elsewhere = { config: "/app/db/alembic.ini", section: "alembic" };
    const revision = ["revision", "-m", "--autogenerate me", "--autogenerate"];
    expect(alembicArguments(withArgument, ["upgrade", "head"], "flask")).toEqual(["upgrade", "-x", "a=1", "head"]);
    expect(alembicArguments(withArgument, ["current", "--verbose"], "flask")).toEqual(["current", "--verbose"]);
    expect(alembicArguments(elsewhere, ["check"], "flask")).toEqual(["check", "-d", "db"]);
    expect(alembicArguments({ config: ini, section: "alembic" }, revision, "flask")).toEqual([
      "migrate",
      "-m",
      "--autogenerate me",
    ]);
  });
});

test("arguments that a person types are words, with quotes around spaces", () => {
  expect(parseArguments(`tenant=one  note="two words"`)).toEqual(["tenant=one", "note=two words"]);
  expect(parseArguments("  ")).toEqual([]);
});
