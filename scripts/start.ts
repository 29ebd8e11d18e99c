/**
 * The main job in one command: a sample project with a real database, open in VS Code with the extension.
 * Everything that is started ends with this process.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "./build.ts";
import { findDesktop, openDesktop, openInBrowser } from "./demo/editor.ts";
import { startPostgres } from "./demo/postgres.ts";
import { createProject } from "./demo/project.ts";
import { preparePython } from "./demo/python.ts";
import { shop } from "./demo/shop.ts";
import { describe, Failure } from "./host/failure.ts";
import { root } from "./host/paths.ts";
import { isTaken } from "./host/port.ts";
import { run } from "./host/run.ts";
import { createScope, type Scope } from "./host/scope.ts";

const say = (line: string): void => console.log(line);

const usage = `npm start [-- options]
  --no-open, --headless   do not open desktop VS Code: serve it for a browser, and print the address
  --port N                the port of VS Code in the browser (default: a free one)`;

interface Options {
  readonly inBrowser: boolean;
  readonly port?: number;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        "no-open": { type: "boolean" },
        headless: { type: "boolean" },
        port: { type: "string" },
        help: { type: "boolean" },
      },
    });
    if (values.help) throw new Failure(usage);
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
      throw new Failure(`"${values.port}" is not a port.\n${usage}`);
    }
    const inBrowser = values["no-open"] === true || values.headless === true || port !== undefined;
    return { inBrowser, ...(port === undefined ? {} : { port }) };
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

async function demo(scope: Scope, options: Options): Promise<void> {
  if (options.port !== undefined && (await isTaken(options.port))) {
    throw new Failure(`Port ${options.port} is in use: choose another, or none and a free one is taken.`);
  }
  if (process.env["RETORT_BUILT"] !== "1") {
    say("Building Retort ...");
    await build().catch(() => {
      throw new Failure("Retort could not be built: see above.");
    });
  }
  const environment = await preparePython(scope, path.join(shop.folder, "requirements.txt"), say);
  say("Starting PostgreSQL and the sample project ...");
  const postgres = await startPostgres(scope);
  const project = await createProject(scope, postgres, environment);
  say(
    `  ${project.rows.toLocaleString("en")} rows; the database stands at ${shop.standing}, some revisions before the head\n`,
  );

  say(`What "retort check" finds in it:\n`);
  say((await check(scope, project.folder)).trimEnd());

  const desktop = options.inBrowser ? undefined : findDesktop();
  const editor =
    desktop === undefined
      ? await openInBrowser(scope, project.folder, shop.mixedFile, { ...options, say })
      : openDesktop(scope, desktop, project.folder, shop.mixedFile);
  say(`
${editor.where}

The open file adds a column, fills it and drops the old ones in one go: take the light bulb on the first marked line.
Then open "Revisions" in the activity bar (the retort) and upgrade.

  project    ${project.folder}   (a copy, gone when this stops)
  database   ${project.database}

Press Ctrl-C to stop everything.`);
  await editor.closed;
}

/** Findings are what it is run for: 1 is as good an answer as 0. */
async function check(scope: Scope, folder: string): Promise<string> {
  const cli = path.join(root, "dist", "cli.cjs");
  return run(process.execPath, [cli, "check", "."], { scope, cwd: folder, accept: [1], doing: "retort check" });
}

async function main(): Promise<number> {
  const options = readOptions();
  const scope = createScope();
  const interrupted = new Promise<number>((resolve) => {
    const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
    for (const [signal, code] of Object.entries(codes)) process.on(signal, () => resolve(code));
  });
  try {
    const closed = demo(scope, options).then(() => 0);
    return await Promise.race([closed, interrupted]);
  } finally {
    say("\nStopping ...");
    await scope.close();
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`\n${describe(error)}`);
    process.exit(1);
  },
);
