import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { pythonWithAlembic } from "../support/python.ts";

test("the listed directives are those of the Alembic that is installed", async () => {
  const script = fileURLToPath(new URL("list_directives.py", import.meta.url));
  const { stdout } = await promisify(execFile)(await pythonWithAlembic(), [script]);
  const listed = JSON.parse(readFileSync(new URL("../model/calls/alembic.json", import.meta.url), "utf8")) as {
    op: object;
    batch: object;
  };
  const installed = JSON.parse(stdout) as { op: object; batch: object };
  expect({ op: installed.op, batch: installed.batch }).toEqual({ op: listed.op, batch: listed.batch });
});
