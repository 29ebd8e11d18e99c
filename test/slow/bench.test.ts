/** `npm run bench` on a history of twenty revisions: that it runs and answers, not how fast. */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { generateHistory } from "../../scripts/bench/history.ts";
import type { Measured } from "../../scripts/bench/measured.ts";
import { buildHistory } from "../../server/src/history/build.ts";
import { readRevision } from "../../server/src/model/read.ts";

const root = path.join(import.meta.dirname, "..", "..");

test("every part of the bench gives a number", async () => {
  const program = ["--import", "tsx", path.join(root, "scripts", "bench.ts")];
  const options = ["--alone", "--json", "--sizes", "20", "--edits", "5"];
  const { stdout } = await promisify(execFile)(process.execPath, [...program, ...options], { cwd: root });
  const { rows, columns } = JSON.parse(stdout) as Measured;
  expect(columns).toEqual(["20"]);
  expect(rows.map(({ what }) => what)).toEqual(
    expect.arrayContaining(["retort check, cold", "retort check, warm", "language server: edit to diagnostics"]),
  );
  for (const { what, cells } of rows) {
    const { seconds, milliseconds, missing } = cells["20"] ?? {};
    expect(seconds ?? milliseconds?.p95 ?? missing, what).toSatisfy(
      (value: unknown) => (typeof value === "number" && value > 0) || value === "not offered",
    );
  }
});

test("generated histories are the same for the same seed, of one head, and read to their end", () => {
  const { revisions } = generateHistory(400);
  expect(generateHistory(400).revisions).toEqual(revisions);
  expect(generateHistory(400, 2).revisions).not.toEqual(revisions);
  const files = revisions.map(({ path: name, text }) => readRevision(`/${name}`, text, { dialect: "postgresql" }));
  const history = buildHistory(files);
  expect(history.problems).toEqual([]);
  expect(history.heads).toHaveLength(1);
  expect(revisions.some(({ parents }) => parents.length > 1)).toBe(true);
  expect(files.flatMap(({ problems }) => problems)).toEqual([]);
  expect(files.filter(({ statements }) => statements.analysed < statements.total)).toEqual([]);
});
