/**
 * Modules of the same project that a file imports: each is run once, and its constants, functions and classes stand for
 * themselves in every file that imports them. What is in no module of the project stays a `Reference`.
 */
import { newHome, runModule } from "./interpret.ts";
import type { Home, Interpreter, Modules, Session } from "./interpreter.ts";
import type { Characters, Node } from "./node.ts";
import { askQuietly } from "./methods.ts";
import { parseSource } from "./source.ts";
import { derivedText } from "./text.ts";
import type { Value } from "./value.ts";

export interface ModuleText {
  readonly path: string;
  readonly text: string;
}

/**
 * The text of a module: by its dotted name, or after the folder that a relative import begins in
 * (`/app/versions/constants`). Undefined where the project has none, or is not known to have one yet.
 */
export type FindModule = (name: string) => ModuleText | undefined;

/** Offsets from here on are of another file than the one that is read. No file is that long. */
export const elsewhere = 2 ** 32;

/** Modules that import each other, one within the other. */
const maximalNesting = 8;

interface Known {
  readonly home: Home;
  readonly vm: Interpreter;
  /** Names that it was read with the help of. */
  readonly asked: ReadonlySet<string>;
}

export function newModules(find: FindModule): Modules {
  const homes = new Map<string, Known | undefined>();
  const running = new Set<string>();

  const knownAt = (name: string, session: Session): Known | undefined => {
    session.asked.add(name);
    if (!homes.has(name)) {
      const found = find(name);
      if (!found) return undefined;
      if (running.has(found.path) || running.size >= maximalNesting) return undefined;
      running.add(found.path);
      try {
        homes.set(name, read(found, session, modules));
      } finally {
        running.delete(found.path);
      }
    }
    const known = homes.get(name);
    for (const one of known?.asked ?? []) session.asked.add(one);
    return known;
  };

  /** A module's own `__getattr__` gives what it has no name for. */
  const askModule = ({ home, vm, asked }: Known, name: string, session: Session): Value | undefined => {
    const lazy = home.module.names.get("__getattr__");
    if (lazy?.kind !== "function") return undefined;
    const { range } = lazy;
    const value = askQuietly(vm, lazy, [{ value: derivedText(name, range), range }]);
    for (const one of asked) session.asked.add(one);
    return value?.kind === "unknown" ? undefined : value;
  };

  const resolve = (path: string, session: Session, depth: number): Value | undefined => {
    const dot = path.lastIndexOf(".");
    if (dot <= path.lastIndexOf("/") || depth > maximalNesting) return undefined;
    const known = knownAt(path.slice(0, dot), session);
    const home = known?.home;
    const name = path.slice(dot + 1);
    const value = home?.module.names.get(name);
    if (value?.kind === "reference") return resolve(value.path, session, depth + 1) ?? value;
    if (value) return value;
    for (const star of home?.stars ?? []) {
      const shared = resolve(`${star}.${name}`, session, depth + 1);
      if (shared) return shared;
    }
    // A module of the package comes before what the package makes up.
    if (!known?.home.module.names.has("__getattr__") || knownAt(path, session)) return undefined;
    return askModule(known, name, session);
  };

  const modules: Modules = {
    code: new WeakMap(),
    attributes: new WeakMap(),
    resolve: (path, session) => resolve(path, session, 0),
    has: (name, session) => knownAt(name, session) !== undefined,
    forget(names) {
      for (const [name, known] of homes)
        if (names.has(name) || [...(known?.asked ?? [])].some((one) => names.has(one))) homes.delete(name);
    },
  };
  return modules;
}

/** Runs the module, hearing nothing of it, with what is left of the stack. */
function read({ path, text }: ModuleText, { limits, resolveStar }: Session, modules: Modules): Known {
  const { statements } = parseSource(text);
  const home = newHome(charactersElsewhere(text), path, false);
  const vm = runModule(statements.map(placeElsewhere), home, { resolveStar, modules, depth: limits.depth });
  home.module.isShared = true;
  return { home, vm, asked: vm.asked };
}

const charactersElsewhere = (text: string): Characters => ({
  slice: (start, end) => text.slice(start - elsewhere, end === undefined ? undefined : end - elsewhere),
  charAt: (offset) => text.charAt(offset - elsewhere),
});

const placeElsewhere = (node: Node): Node => ({
  type: node.type,
  start: node.start + elsewhere,
  end: node.end + elsewhere,
  children: node.children.map(placeElsewhere),
});
