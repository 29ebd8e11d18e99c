/** `env.py` run in the mind: which calls it makes, with what values, and under which conditions. */
import { interpretFunction, interpretModule, maximalSteps, silence } from "../syntax/interpret.ts";
import type { Frame, Interpreter, Watcher } from "../syntax/interpreter.ts";
import { childOf, walk, type Node } from "../syntax/node.ts";
import type { Source } from "../syntax/source.ts";
import type { Call, Value } from "../syntax/value.ts";

export interface Made {
  readonly call: Call;
  /** Under a test of what is not known, so that it may not be made; the test for offline mode does not count. */
  readonly conditional: boolean;
}

export interface EnvironmentRun {
  readonly vm: Interpreter;
  readonly nodes: readonly Node[];
  /** In the order of execution; one place may be reached several times. */
  readonly made: readonly Made[];
  /** Values that were put into attributes: `metadata.naming_convention = …`. */
  readonly attributes: readonly { readonly name: string; readonly value: Value }[];
}

/** Runs the module, then each of its functions that nothing in the file has called: another program may. */
export function runEnvironment(source: Source): EnvironmentRun {
  const nodes = source.statements.flatMap((statement) => [...walk(statement)]);
  const made: Made[] = [];
  const attributes: { name: string; value: Value }[] = [];
  const visited = new Set<Node>();
  const watcher: Watcher = {
    ...recorder(made, visited),
    attributeSet: (_of, name, value) => void attributes.push({ name, value }),
  };
  const vm = interpretModule({ ...source, statements: [] }, () => undefined);
  vm.watcher = watcher;
  vm.execute(source.statements, vm.module);
  vm.watcher = silence;
  for (const node of nodes) {
    if (node.type !== "function_definition") continue;
    const first = childOf(node, "block")?.children[0];
    if (first === undefined || visited.has(first)) continue;
    interpretFunction(vm, node, watcher, (name) => ({
      kind: "unknown",
      why: `the argument ${name} comes from outside`,
      range: { start: node.start, end: node.start },
    }));
  }
  vm.limits.steps = maximalSteps;
  return { vm, nodes, made, attributes };
}

function recorder(made: Made[], visited: Set<Node>): Watcher {
  let conditions = 0;
  return {
    ...silence,
    called: (call) => void made.push({ call, conditional: conditions > 0 }),
    statement(node, run) {
      visited.add(node);
      return run();
    },
    within(frame, run) {
      const counts = isCondition(frame);
      if (counts) conditions++;
      try {
        return run();
      } finally {
        if (counts) conditions--;
      }
    },
    // `connection.run_sync(do_run_migrations)`, `asyncio.run(main())`: what is handed over is there to be run.
    runsArguments: () => true,
  };
}

const isCondition = (frame: Frame): boolean =>
  frame.kind === "branch" ? !isOfflineTest(frame.test) : frame.kind === "loop" || frame.kind === "try";

const isOfflineTest = (test: Value): boolean =>
  test.kind === "operator"
    ? test.operator === "not" && test.operands.every(isOfflineTest)
    : test.kind === "call" && calleeName(test) === "is_offline_mode";

/** `configure` of `context.configure(…)`. */
export function calleeName({ callee }: Call): string | undefined {
  if (callee.kind === "reference") return callee.path.slice(callee.path.lastIndexOf(".") + 1);
  return callee.kind === "member" ? callee.name : undefined;
}

/** The argument of that name or, where it is given by position, at that place. */
export const argumentOf = ({ args }: Call, name: string, position: number): Value | undefined =>
  (
    args.find((arg) => arg.name === name) ??
    args.filter((arg) => arg.name === undefined && arg.starred === undefined)[position]
  )?.value;
