/**
 * Every test: `npm test`, or `npm test -- fast slow` for some of the steps. The last line says how many passed and
 * failed. A step that cannot run on this machine fails, unless RETORT_SKIP names it.
 */
import { build } from "./build.ts";
import { describe, Failure } from "./host/failure.ts";
import { createScope, type Scope } from "./host/scope.ts";
import { type Count, runStep, type Step, steps } from "./testing/steps.ts";

function chooseSteps(): readonly Step[] {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => steps.every((step) => step.name !== name));
  if (unknown !== undefined) {
    throw new Failure(`There is no step "${unknown}". Steps: ${steps.map((step) => step.name).join(", ")}`);
  }
  return names.length === 0 ? steps : steps.filter((step) => names.includes(step.name));
}

const headline = (text: string): void => console.log(`\n━━━ ${text} ${"━".repeat(Math.max(3, 90 - text.length))}\n`);

const isSkipped = ({ name }: Step): boolean => (process.env["RETORT_SKIP"] ?? "").split(/[\s,]+/).includes(name);

async function runSteps(scope: Scope, chosen: readonly Step[]): Promise<readonly (readonly [Step, Count])[]> {
  const counts: (readonly [Step, Count])[] = [];
  for (const step of chosen) {
    headline(step.title);
    if (isSkipped(step)) {
      console.log(`Skipped: RETORT_SKIP names "${step.name}".`);
      continue;
    }
    const begin = performance.now();
    const count = await runStep(scope, step);
    counts.push([step, count]);
    const seconds = Math.round((performance.now() - begin) / 1000);
    console.log(`\n${step.name}: ${count.passed} passed, ${count.failed} failed, in ${seconds} s`);
  }
  return counts;
}

async function main(): Promise<number> {
  const chosen = chooseSteps();
  const scope = createScope();
  const stop = (): void => void scope.close().finally(() => process.exit(130));
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    headline("Building");
    await build();
    const counts = await runSteps(scope, chosen);
    headline("Result");
    const total = { passed: 0, failed: 0 };
    for (const [step, { passed, failed }] of counts) {
      console.log(`${failed === 0 ? "✓" : "✗"} ${step.title}: ${passed} passed, ${failed} failed`);
      total.passed += passed;
      total.failed += failed;
    }
    console.log(`\n${total.passed} passed, ${total.failed} failed`);
    return total.failed === 0 ? 0 : 1;
  } finally {
    await scope.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(describe(error));
    console.log("\n0 passed, 1 failed");
    process.exit(1);
  },
);
