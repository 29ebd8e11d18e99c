/**
 * The replay alone: the project is read before the clock starts. Prints as JSON the milliseconds of the schema at head,
 * played for the first time, and of the same after edits of one of the last revisions; each elapsed and of the processor.
 */
import { loadEngine } from "../../../server/src/host/engine.ts";
import { nodeFiles } from "../../../server/src/host/files.ts";
import { replayOf } from "../../../server/src/project/replay.ts";
import { ProjectStore } from "../../../server/src/project/store.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** How far from the head the edited revision is. */
const distance = 10;
const edits = 50;

/** In milliseconds. Beside others at work on the machine only what the processor did says something. */
export interface Taken {
  readonly elapsed: number;
  readonly processor: number;
}

async function main(): Promise<void> {
  await loadEngine();
  const store = new ProjectStore(nodeFiles, quiet);
  await store.open([process.argv[2] ?? "."]);
  const head = (): Taken => {
    const [project] = store.snapshot().projects;
    if (project === undefined) throw new Error("no project");
    const { heads, order } = project.history;
    const start = performance.now();
    const used = process.cpuUsage();
    replayOf(project).at(heads.length > 0 ? heads : order.slice(-1));
    const { user, system } = process.cpuUsage(used);
    return { elapsed: performance.now() - start, processor: (user + system) / 1000 };
  };
  const first = head();
  const [project] = store.snapshot().projects;
  const edited = project?.history.revisions.get(project.history.order.at(-distance) ?? "")?.file;
  const after: Taken[] = [];
  for (let i = 0; edited !== undefined && i < edits; i++) {
    const line = `\n    op.add_column("users", sa.Column("edited_${i}", sa.Integer()))`;
    await store.update(edited.path, edited.text.replace(/(def upgrade.*:\n)/, `$1${line.slice(1)}\n`));
    after.push(head());
  }
  process.stdout.write(JSON.stringify({ first, after }));
}

void main();
