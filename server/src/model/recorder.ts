/** Hears what running a body does, and notes the operations and what each statement is good for. */
import { renderName, type Dialect } from "../sql/action.ts";
import type { Completion, Frame, Modules, Watcher } from "../syntax/interpreter.ts";
import { elsewhere } from "../syntax/modules.ts";
import type { Node } from "../syntax/node.ts";
import type { Call, Value } from "../syntax/value.ts";
import type { Range } from "../text/range.ts";
import { isFor } from "./applies.ts";
import { contextOf, contextWithin } from "./contexts.ts";
import { holdsHandle, isRepeatable, originOf, suspicionOf } from "./foreign.ts";
import type { CallReading, Draft, ReadCall, Role, RoleOf } from "./reading.ts";
import type { Context, ForeignCode, HelperCall, Operation, Phase, Purity } from "./revision.ts";
import type { Action } from "../sql/action.ts";
import type { Shown } from "./statements.ts";
import { metadataOf, modelWithin } from "./used-models.ts";
import { anyWithin, lastName } from "./values.ts";

export interface Readers {
  readonly readCall: ReadCall;
  readonly roleOf: RoleOf;
  readonly phaseOf: (action: Action) => Phase | undefined;
  /** `row.name = value`; `undefined` where the object is no row. */
  readonly readAttributeSet: (
    of: Value,
    name: string,
    value: Value,
    range: Range,
    nameRange: Range,
  ) => CallReading | undefined;
  /** `user.roles.append(role)`; `undefined` where no relationship is changed. */
  readonly readRelationship?: (call: Call) => CallReading | undefined;
  /** A loop over a query runs it; `undefined` where the value is no query. */
  readonly readIteration: (over: Value, dialect: Dialect) => CallReading | undefined;
  readonly dialect: Dialect;
  /** Modules that the file may import. */
  readonly modules?: Modules;
}

/** What a statement of the body has shown so far. */
interface Trace {
  readonly node: Node;
  readonly operations: Set<Operation>;
  readonly mutated: Set<string>;
  effect: boolean;
  state: boolean;
  context?: Context;
  /** See `Compound`. */
  managed?: boolean;
}

/** A function that is being run. */
interface Helper {
  readonly call: HelperCall;
  readonly place: Place;
  /** Contexts that it was called under. */
  readonly contexts: number;
  /** What is called for its effect in there says nothing about the database. */
  readonly isAsked: boolean;
  readonly manages: boolean;
}

export interface Recorder extends Watcher {
  /** In the order of execution. */
  readonly operations: readonly Operation[];
  /** Places in the file that touch the database, and whether each was understood. */
  readonly places: ReadonlyMap<string, boolean>;
  show(node: Node): Shown;
  /** There were more operations than are kept. */
  readonly overflows: boolean;
  /** Notes that the body was too large to be followed to its end. */
  giveUp(range: Range): void;
}

/** Beyond it only what is not understood is noted, and that the end was not reached. */
const maximalOperations = 5_000;

export function newRecorder(body: readonly Node[], readers: Readers): Recorder {
  const { readCall, readAttributeSet, readIteration, phaseOf, dialect } = readers;
  const roleOf = remembered(readers.roleOf);
  const operations: Operation[] = [];
  const places = new Map<string, boolean>();
  const traces = new Map<Node, Trace>();
  const running: Trace[] = [];
  const contexts: Context[] = [];
  const helpers: Helper[] = [];
  const unstable = new WeakSet<Value>();
  const deferred = new Set<Operation>();
  const indexes = new Map(body.map((node, i) => [node, i]));
  let statement = -1;

  /** The innermost call in this file that led to where the run is. */
  const crossing = (): Place => helpers.findLast(({ place }) => isHere(place.range))?.place ?? start;

  /** What is written in another file is shown where this file leads there. */
  const inThisFile = <T extends Place>(written: T, call: Place | undefined): T => {
    if (isHere(written.range) && isHere(written.nameRange)) return written;
    const place = call && isHere(call.range) ? call : crossing();
    return {
      ...written,
      range: isHere(written.range) ? written.range : place.range,
      nameRange: isHere(written.nameRange) ? written.nameRange : place.nameRange,
    };
  };

  /** The queries that calls have run, for whoever goes over their rows. */
  const queries = new WeakMap<Value, readonly Operation[]>();
  const queriesWithin = (value: Value): readonly Operation[] => {
    const found: Operation[] = [];
    anyWithin(value, (part) => {
      found.push(...(queries.get(part) ?? []));
      return false;
    });
    return found;
  };

  /** The statements about rows that calls have run, for whoever asks for what they gave back. */
  const changes = new WeakMap<Value, readonly Operation[]>();
  /** `result.scalars().all()`: a method of what was given back, and one of what that gives. */
  const noteAnswer = (asked: Value, answer?: Value): void => {
    const own = changes.get(asked);
    for (const operation of own ?? []) Object.assign(operation, { answered: true });
    if (own && answer) changes.set(answer, own);
  };

  const note = (given: readonly Draft[], call?: Place | Call): readonly Operation[] => {
    const noted: Operation[] = [];
    const own = call !== undefined && "callee" in call && isOwnConnection(call);
    for (const unplaced of given) {
      const draft = inThisFile(unplaced, call);
      if (operations.length >= maximalOperations && draft.confidence !== "opaque") continue;
      const phase = phaseOf(draft);
      const operation: Operation = {
        ...draft,
        ...(phase ? { phase } : {}),
        context: [...contexts, ...(draft.within ?? []).map((one) => contextWithin(one, draft.range))],
        statement: Math.max(0, statement),
        calls: helpers.map(({ call }) => call),
        ...(own ? { ownConnection: true as const } : {}),
        ...(own && isOtherDatabase(call) ? { otherDatabase: true as const } : {}),
      };
      operations.push(operation);
      noted.push(operation);
      if (draft.via === "batch") deferred.add(operation);
      const place = `${String(draft.range.start)}:${String(draft.range.end)}`;
      places.set(place, (places.get(place) ?? true) && draft.confidence !== "opaque");
      for (const trace of running) {
        trace.operations.add(operation);
        if (draft.effect !== "read") trace.effect = true;
        else trace.state = true;
      }
    }
    return noted;
  };

  const opaque = (place: Place, why: string): void => {
    note([unread(place, why)], place);
  };

  /** A defect of a reader costs one call, and shows. */
  const attempt = (call: Call): CallReading | undefined => {
    try {
      return readCall(call, dialect);
    } catch (error) {
      opaque(call, `the call could not be read: ${error instanceof Error ? error.message : String(error)}`);
      return { drafts: [] };
    }
  };

  /** It is known where the value comes from, and that is not the database. */
  const isFree = (value: Value): boolean => !isUnstable(value) && !anyWithin(value, ({ kind }) => kind === "unknown");

  const isUnstable = (value: Value): boolean =>
    anyWithin(value, (part) => unstable.has(part) || roleOf(part) === "result" || roleOf(part) === "inspector");

  /** Another module's function is asked for a value, and has no way to the database from here. */
  const isAskedOnly = ({ path, use, given = [] }: Extract<Frame, { kind: "helper" }>): boolean =>
    path !== undefined &&
    (use === "expression" || use === "assignment") &&
    !given.some((value) => holdsHandle(value, roleOf));

  const within = <T>(frame: Frame, run: () => T): T => {
    if (frame.kind === "helper") {
      const { range } = inThisFile(frame, frame);
      const call = { helper: frame.name, range, ...(frame.path === undefined ? {} : { path: frame.path }) };
      const from = helpers.at(-1);
      const isAsked = from?.call.path === undefined ? isAskedOnly(frame) : from.isAsked;
      helpers.push({ call, place: frame, contexts: contexts.length, isAsked, manages: frame.manages === true });
      try {
        return run();
      } finally {
        helpers.pop();
      }
    }
    const context = placed(contextOf(frame, roleOf));
    const tested =
      frame.kind === "branch"
        ? frame.test
        : frame.kind === "loop"
          ? frame.over
          : frame.kind === "with"
            ? frame.value
            : undefined;
    const trace = running.at(-1);
    if (trace && helpers.length === 0) {
      // A comprehension within the test of an `if` is not what the `if` asks.
      if (context && frame.range.start === trace.node.start && frame.range.end === trace.node.end)
        trace.context ??= context;
      if (tested && isUnstable(tested)) trace.state = true;
      if (frame.kind === "with" && !context)
        trace.managed = (trace.managed ?? true) && (frame.managed === true || opensNothing(frame.value));
    }
    if (trace && helpers[0]?.manages === true && !answersTheSame(frame, context)) trace.managed = false;
    const iteration = frame.kind === "loop" && frame.over ? iterate(frame.over) : undefined;
    if (frame.kind === "loop" && frame.over) noteAnswer(frame.over);
    if (iteration && trace) trace.state = true;
    const before = operations.length;
    if (context) contexts.push(frame.kind === "loop" && frame.over ? withRows(context, frame.over) : context);
    try {
      return run();
    } finally {
      if (context) contexts.pop();
      if (context?.kind === "batch") flush(before);
    }
  };

  /** What a context manager asks for is no other in another revision; what does not run here is of no matter. */
  const answersTheSame = (frame: Frame, context: Context | undefined): boolean =>
    frame.kind === "try" ||
    frame.kind === "with" ||
    (context?.kind === "branch" && (context.on === "dialect" || context.on === "offline")) ||
    (frame.kind === "branch" && context?.kind === "branch" && context.on === "other" && isFree(frame.test)) ||
    !contexts.every((one) => isFor(one, dialect));

  const placed = (context: Context | undefined): Context | undefined => {
    if (!context || isHere(context.range)) return context;
    const path = helpers.at(-1)?.call.path ?? "";
    return { ...context, range: crossing().range, path };
  };

  /** A loop over a query, with the tables that the query reads. */
  const withRows = (context: Context, over: Value): Context => {
    if (context.kind !== "loop" || context.over !== "query") return context;
    const reads = queriesWithin(over);
    if (reads.length === 0 || reads.some(({ incomplete, details }) => incomplete || details.digest)) return context;
    const tables = reads.flatMap(({ touches }) =>
      touches.flatMap(({ how, on }) =>
        how === "read" && (on.type === "table" || on.type === "column") ? [on.name] : [],
      ),
    );
    return { ...context, rowsOf: [...new Map(tables.map((name) => [renderName(name), name])).values()] };
  };

  const iterate = (over: Value): CallReading | undefined => {
    const reading = readIteration(over, dialect);
    const model = reading && over.kind === "call" ? modelWithin(over, readers.modules) : undefined;
    if (reading) queries.set(over, note(model ? reading.drafts.map((one) => through(one, model)) : reading.drafts));
    return reading;
  };

  /** At the end of a batch block its operations run, after everything that ran at once. */
  const flush = (from: number): void => {
    const inside = operations.splice(from);
    operations.push(...inside.filter((one) => !deferred.has(one)), ...inside.filter((one) => deferred.has(one)));
    for (const one of inside) deferred.delete(one);
  };

  /** The query is noted before its rows are asked for, so that what becomes of them is added to it. */
  const noteFetch = (call: Call): void => {
    const rows = fetchedBy(call);
    for (const operation of rows ? queriesWithin(rows) : []) Object.assign(operation, { fetched: true });
  };

  const markEffect = (): void => {
    for (const trace of running) trace.effect = true;
  };

  return {
    operations,
    places,
    within,
    outside(always, run) {
      const helper = helpers.pop();
      const own = always && helper ? contexts.splice(helper.contexts) : [];
      try {
        return run();
      } finally {
        contexts.push(...own);
        if (helper) helpers.push(helper);
      }
    },
    called(call, use) {
      noteFetch(call);
      if (call.callee.kind === "member") noteAnswer(call.callee.of, call);
      const reading = attempt(call);
      if (reading) {
        unstable.add(call);
        const model = modelWithin(call, readers.modules);
        const metadata = metadataOf(call);
        const drafts =
          metadata !== undefined
            ? reading.drafts.map((one) => ({ ...one, application: metadata }))
            : model === undefined
              ? reading.drafts
              : reading.drafts.map((one) => through(one, model));
        const noted = note(drafts, call);
        queries.set(
          call,
          noted.filter(({ effect }) => effect === "read"),
        );
        const changed = noted.filter(({ effect }) => effect === "data");
        if (changed.length > 0) changes.set(call, changed);
        if (reading.drafts.length === 0 && use === "statement") markEffect();
        return;
      }
      const relationship = readers.readRelationship?.(call);
      if (relationship) {
        markEffect();
        note(relationship.drafts, call);
        return;
      }
      const suspicion = suspicionOf(call, helpers.at(-1)?.isAsked ? "expression" : use, roleOf);
      if (suspicion !== undefined) {
        unstable.add(call);
        withdrawInner(call);
        const { why, application } = suspicion;
        note([{ ...unread(call, why), ...(application && { application }) }], call);
        return;
      }
      const [first] = call.args;
      const walks =
        first && call.callee.kind === "reference" && walking.has(call.callee.path) ? iterate(first.value) : undefined;
      if (walks) noteFetch(call);
      if (walks || !isRepeatable(call, roleOf)) unstable.add(call);
      if (use === "statement" && !(call.callee.kind === "class")) markEffect();
    },
    attributeSet(of, name, value, range, nameRange) {
      for (const trace of running) trace.effect = true;
      const reading = readAttributeSet(of, name, value, range, nameRange);
      if (reading) note(reading.drafts, { range, nameRange });
    },
    bound(value) {
      if (helpers.length === 0 && isUnstable(value)) for (const trace of running) trace.state = true;
    },
    mutated(name) {
      if (helpers.length === 0) for (const trace of running) trace.mutated.add(name);
    },
    statement(node, run): Completion {
      if (helpers.length > 0) return run();
      const index = indexes.get(node);
      const previous = statement;
      if (index !== undefined) statement = index;
      let trace = traces.get(node);
      if (!trace)
        traces.set(node, (trace = { node, operations: new Set(), mutated: new Set(), effect: false, state: false }));
      running.push(trace);
      if (leaving.has(node.type)) markEffect();
      try {
        return run();
      } finally {
        running.pop();
        statement = previous;
      }
    },
    runsArguments: (call) => {
      const origin = originOf(call.callee);
      return (
        origin.kind !== "reference" ||
        !/^(?:sqlalchemy|alembic)\b/.test(origin.path) ||
        /\.run_async$/.test(origin.path)
      );
    },
    show(node) {
      const trace = traces.get(node);
      const places = trace ? operations.flatMap((operation, i) => (trace.operations.has(operation) ? [i] : [])) : [];
      return {
        operations: places,
        purity: purityOf(node, trace),
        mutated: [...(trace?.mutated ?? [])],
        ...(trace?.context ? { context: trace.context } : {}),
        ...(trace?.managed === undefined ? {} : { managed: trace.managed }),
      };
    },
    get overflows() {
      return operations.length >= maximalOperations;
    },
    giveUp(range) {
      opaque({ range, nameRange: range }, "there is too much code to follow to its end");
    },
  };

  /** `Fix(connection).run()` is one thing to report, not two. */
  function withdrawInner(call: Call): void {
    const last = operations.at(-1);
    if (
      last?.kind !== "opaque" ||
      last.via !== "python" ||
      last.range.start < call.range.start ||
      last.range.end > call.range.end
    )
      return;
    operations.pop();
    places.delete(`${String(last.range.start)}:${String(last.range.end)}`);
    for (const trace of running) trace.operations.delete(last);
  }
}

const opening: ReadonlySet<string | undefined> = new Set([
  "connect",
  "create_engine",
  "create_async_engine",
  "engine_from_config",
  "raw_connection",
]);

/** `contextlib.nullcontext()`, or a choice between that and something for a dialect that needs more. */
const opensNothing = (value: Value): boolean =>
  value.kind === "choice"
    ? value.options.some(opensNothing) && value.options.every((one) => opensNothing(one) || suppresses(one))
    : value.kind === "call" && lastName(value.callee) === "nullcontext";

const suppresses = (value: Value): boolean => value.kind === "call" && lastName(value.callee) === "suppress";

/** The driver's connection beneath one of SQLAlchemy's. */
const isBeneath = (value: Value): boolean =>
  value.kind === "member" &&
  (value.name === "dbapi_connection" ||
    value.name === "driver_connection" ||
    (value.name === "connection" && lastName(value.of) === "get_bind"));

/** What is called is a method of a connection, or of what a new connection gave. */
const isOwnConnection = ({ callee }: Call): boolean =>
  callee.kind === "member" &&
  anyWithin(
    callee.of,
    (value) =>
      (value.kind === "call" && opening.has(lastName(value.callee))) ||
      (value.kind === "member" && value.name === "engine") ||
      isBeneath(value),
  );

const isOtherDatabase = ({ callee }: Call): boolean =>
  callee.kind === "member" &&
  anyWithin(
    callee.of,
    (value) =>
      value.kind === "call" && lastName(value.callee) === "create_engine" && value.args[0]?.value.kind === "text",
  );

type Place = Pick<Call, "range" | "nameRange">;

const start: Place = { range: { start: 0, end: 0 }, nameRange: { start: 0, end: 0 } };

const isHere = (range: Range): boolean => range.end < elsewhere;

const unread = ({ range, nameRange }: Place, why: string): Draft => ({
  kind: "opaque",
  effect: "unknown",
  columns: [],
  touches: [],
  details: {},
  range,
  nameRange,
  via: "python",
  confidence: "opaque",
  why,
});

/** What is asked of a table or done to its rows, and not what defines one. */
const through = (one: Draft, application: ForeignCode): Draft =>
  one.effect === "data" || one.effect === "read" ? { ...one, application } : one;

/** Ways to hold all rows of a result at once. */
const fetching = new Set(["fetchall", "all", "to_dicts"]);
const keeping = new Set(["list", "tuple", "set", "dict", "sorted"].map((name) => `builtins.${name}`));

/** The result that the call takes all rows of. */
function fetchedBy({ callee, args: [first] }: Call): Value | undefined {
  if (callee.kind === "member") return fetching.has(callee.name) ? callee.of : undefined;
  return callee.kind === "reference" && keeping.has(callee.path) && first?.value.kind === "call"
    ? first.value
    : undefined;
}

/** Functions that walk over what they are given. */
const walking = new Set(
  ["list", "tuple", "set", "frozenset", "sorted", "dict", "sum", "any", "all", "max", "min", "enumerate"].map(
    (name) => `builtins.${name}`,
  ),
);

/** Roles are asked for again and again as values are looked through. */
function remembered(roleOf: RoleOf): RoleOf {
  const roles = new WeakMap<Value, Role>();
  return (value) => {
    const known = roles.get(value);
    if (known) return known;
    const role = roleOf(value);
    roles.set(value, role);
    return role;
  };
}

/** A statement that holds one of these is run for what it does, too. */
const leaving = new Set([
  "return_statement",
  "raise_statement",
  "assert_statement",
  "print_statement",
  "delete_statement",
]);

const mutating = new Set(["global_statement", "nonlocal_statement", "break_statement", "continue_statement"]);

function purityOf(node: Node, trace: Trace | undefined): Purity {
  if (mutating.has(node.type) || node.type === "ERROR" || !trace) return "effect";
  if (node.type === "expression_statement") {
    const [only] = node.children;
    const assigns = only?.type === "assignment" || only?.type === "augmented_assignment";
    if (assigns) return trace.operations.size > 0 || trace.state ? "state" : trace.effect ? "effect" : "pure";
    return trace.effect || trace.operations.size > 0 ? "effect" : trace.state ? "state" : "pure";
  }
  return trace.effect ? "effect" : trace.state ? "state" : "pure";
}
