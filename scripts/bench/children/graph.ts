/** The graph alone: the project is read before the clock starts. Prints the milliseconds of each repetition as JSON. */
import { loadEngine } from "../../../server/src/host/engine.ts";
import { nodeFiles } from "../../../server/src/host/files.ts";
import { buildHistory } from "../../../server/src/history/build.ts";
import { ProjectStore } from "../../../server/src/project/store.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

async function main(): Promise<void> {
  await loadEngine();
  const store = new ProjectStore(nodeFiles, quiet);
  await store.open([process.argv[2] ?? "."]);
  const files = store.snapshot().projects.flatMap((project) => [...project.files.values()]);
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    buildHistory(files);
    return performance.now() - start;
  });
  process.stdout.write(JSON.stringify(times));
}

void main();
