/**
 * A person's way through the real workbench, with the packaged extension installed in it.
 * Usage: journey.ts [FILE] [NUMBER…], where counts go to FILE as JSON, and the numbers choose scenarios. With
 * RETORT_IMAGES=1 the pictures of the README are taken anew.
 */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "../../scripts/build.ts";
import { packageExtension } from "../../scripts/demo/vsix.ts";
import { describe } from "../../scripts/host/failure.ts";
import { root } from "../../scripts/host/paths.ts";
import { createScope, type Scope } from "../../scripts/host/scope.ts";
import { authoring } from "./scenarios/authoring.ts";
import { mainJob } from "./scenarios/main-job.ts";
import { completion } from "./scenarios/completion.ts";
import { cures } from "./scenarios/cures.ts";
import { harm } from "./scenarios/harm.ts";
import { running } from "./scenarios/running.ts";
import { guard } from "./scenarios/guard.ts";
import { views } from "./scenarios/views.ts";
import { german } from "./scenarios/german.ts";
import { hostile } from "./scenarios/hostile.ts";
import { page } from "./scenarios/page.ts";
import { projects } from "./scenarios/projects.ts";
import { virtual } from "./scenarios/virtual.ts";
import { emptyStates } from "./scenarios/empty-states.ts";
import { type Outcome, play, screenshots } from "./scenario.ts";
import { prepareGround } from "./workspace.ts";

const [, , file = path.join(root, "test-results", "journey.json"), ...numbers] = process.argv;

async function main(scope: Scope): Promise<number> {
  if (process.env["RETORT_BUILT"] !== "1") await build();
  const all = [
    mainJob,
    guard,
    completion,
    authoring,
    harm,
    running,
    cures,
    ...emptyStates,
    ...hostile,
    ...views,
    german,
    virtual,
    page,
    projects,
  ];
  const chosen = all.filter((one) => numbers.length === 0 || numbers.includes(String(one.number)));
  if (numbers.length === 0) rmSync(screenshots, { recursive: true, force: true });
  const ground = await prepareGround(scope);
  const vsix = await packageExtension(scope);
  const outcomes: Outcome[] = [];
  for (const scenario of chosen) outcomes.push(...(await play(scenario, ground, vsix)));
  const failed = outcomes.filter((one) => !one.ok).length;
  if (process.env["RETORT_IMAGES"] === "1" && failed === 0) keepImages();
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ passed: outcomes.length - failed, failed, outcomes }, null, 2));
  console.log(`\nScreenshots: ${path.relative(root, screenshots)}`);
  return failed === 0 ? 0 : 1;
}

/** The pictures that the README shows. */
function keepImages(): void {
  const images = {
    finding: "hover",
    preview: "preview",
    revisions: "at-head",
    question: "question",
    graph: "graph",
    database: "database-wide",
  };

  for (const [image, picture] of Object.entries(images)) {
    // Of a picture that is taken in several themes the first: dark.
    const taken = readdirSync(screenshots)
      .sort()
      .find((name) => name.replace(/^\d+[a-z]-/, "") === `${picture}.png`);
    if (taken === undefined) continue;
    cpSync(path.join(screenshots, taken), path.join(root, "docs", "images", `${image}.png`));
  }
}

const scope = createScope();
const stop = (): void => void scope.close().finally(() => process.exit(130));
process.once("SIGINT", stop).once("SIGTERM", stop);
main(scope)
  .catch((error: unknown) => {
    console.error(describe(error));
    return 2;
  })
  .finally(() => scope.close())
  .then(
    (code) => process.exit(code),
    () => process.exit(2),
  );
