/** What VS Code runs: `run()` resolves when every test has passed, and rejects when one has failed. */
import Mocha from "mocha";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { activation } from "./activation.ts";
import { asked } from "./asked.ts";
import { authoring } from "./authoring.ts";
import { badInput } from "./bad-input.ts";
import { commands } from "./commands.ts";
import { completion } from "./completion.ts";
import { debugging } from "./debugging.ts";
import { findings } from "./findings.ts";
import { lenses } from "./lenses.ts";
import { navigation } from "./navigation.ts";
import { pages } from "./pages.ts";
import { tasks } from "./tasks.ts";
import { split } from "./split.ts";

interface Outcome {
  readonly title: string;
  readonly ok: boolean;
  readonly milliseconds: number;
  readonly error?: string;
}

export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000, reporter: "min", slow: 5_000 });
  const only = process.env["RETORT_SUITE_ONLY"];
  if (only !== undefined) mocha.grep(new RegExp(only));
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  for (const define of [
    activation,
    findings,
    completion,
    navigation,
    lenses,
    pages,
    badInput,
    authoring,
    tasks,
    commands,
    asked,
    debugging,
    split,
  ])
    define();
  const outcomes: Outcome[] = [];
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on("pass", (test) => {
      outcomes.push({ title: test.fullTitle(), ok: true, milliseconds: test.duration ?? 0 });
      console.log(`▏  ✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`);
    });
    runner.on("fail", (test, error: Error) => {
      outcomes.push({ title: test.fullTitle(), ok: false, milliseconds: test.duration ?? 0, error: error.message });
      console.log(`▏  ✗ ${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
  });
  const failed = outcomes.filter((outcome) => !outcome.ok).length;
  const results = process.env["RETORT_SUITE_RESULTS"];
  if (results !== undefined) {
    mkdirSync(path.dirname(results), { recursive: true });
    writeFileSync(results, JSON.stringify({ passed: outcomes.length - failed, failed, outcomes }, null, 2));
  }
  if (failed > 0) throw new Error(`${failed} of ${outcomes.length} tests failed`);
}
