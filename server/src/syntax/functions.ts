/** Functions of Python itself and of its library whose result can be told from their arguments. */
import type { Range } from "../text/range.ts";
import { formatted, plainText } from "./formatted.ts";
import { distinctItems, extend, itemsOf, mapping, merge, sequence } from "./containers.ts";
import { rangeOf, unknown, type Interpreter } from "./interpreter.ts";
import { iterated } from "./iteration.ts";
import { numberFunctions, toValue } from "./number-functions.ts";
import { sortedIndexes } from "./ordering.ts";
import { reprOf } from "./repr.ts";
import { findMember, isOwnObject, superOf } from "./members.ts";
import { truthOf } from "./operators.ts";
import { lookUp } from "./scope.ts";
import { askText, dedent, join } from "./strings.ts";
import { derivedText, isKnown } from "./text.ts";
import type { Argument, Sequence, Value } from "./value.ts";

interface Asked {
  readonly vm: Interpreter;
  readonly args: readonly Argument[];
  readonly values: readonly Value[];
  readonly range: Range;
  readonly nameRange: Range;
}

/** `undefined`: it cannot be told, the call stays a call. */
type Answer = (asked: Asked) => Value | undefined;

const maximalRange = 4096;

const asSequence =
  (type: Sequence["type"]): Answer =>
  ({ values: [first], range }) => {
    if (!first) return sequence([], range, type);
    const items = iterated(first);
    if (items) return sequence(type === "set" ? distinctItems(items) : items, range, type);
    return first.kind === "sequence" ? { ...first, type, range: rangeOf(range) } : undefined;
  };

/** Another one, which may change without the first. */
const copied: Answer = ({ values: [value] }) => value && (isOwnObject(value) ? value : { ...value });

const first: Answer = ({ values }) => values[0];

const numeric: Readonly<Record<string, Answer>> = Object.fromEntries(
  Object.entries(numberFunctions).map(([name, answer]): [string, Answer] => [
    `builtins.${name}`,
    ({ args, values, range }) => {
      const found = args.every((arg) => arg.name === undefined) ? answer(values) : undefined;
      if (found === undefined) return undefined;
      return typeof found === "string" ? derivedText(found, range) : toValue(found, range);
    },
  ]),
);

const answers: Readonly<Record<string, Answer>> = {
  "builtins.list": asSequence("list"),
  "builtins.tuple": asSequence("tuple"),
  "builtins.set": asSequence("set"),
  "builtins.frozenset": asSequence("set"),
  "builtins.sorted": sorted,
  "builtins.iter": first,
  "typing.cast": ({ values }) => values[1],
  "copy.copy": copied,
  "copy.deepcopy": copied,
  "textwrap.dedent": ({ values: [text] }) => (text?.kind === "text" ? dedent(text) : undefined),
  "inspect.cleandoc": ({ values: [text] }) => (text?.kind === "text" ? dedent(text) : undefined),
  "builtins.dict": ({ args, range }) => merge(mapping([], range), args),
  "builtins.str": ({ values: [value], range }) => (value ? plainText(value) : derivedText("", range)),
  "builtins.repr": ({ values: [value], range }) => {
    const shown = value && reprOf(value);
    return shown === undefined ? undefined : derivedText(shown, range);
  },
  "builtins.format": ({ values: [value, spec], range }) => {
    const how = spec === undefined ? "" : isKnown(spec) ? spec.text : undefined;
    const shown = value && formatted(value, { conversion: "", spec: how });
    return shown === undefined ? undefined : derivedText(shown, range);
  },
  "builtins.bool": ({ values: [value], range }) => {
    const truth = value ? truthOf(value) : false;
    if (truth === undefined && value)
      return value.kind === "operator" ? value : { kind: "operator", operator: "bool", operands: [value], range };
    return { kind: "scalar", value: truth === true, range: rangeOf(range) };
  },
  "builtins.len": ({ values: [value], range }) => {
    const length = isKnown(value) ? Array.from(value.text).length : value && iterated(value)?.length;
    return length === undefined ? undefined : { kind: "scalar", value: length, range: rangeOf(range) };
  },
  ...numeric,
  "builtins.reversed": ({ values: [value], range }) => {
    const items = value && iterated(value);
    return items ? sequence(items.toReversed(), range) : undefined;
  },
  "builtins.enumerate": ({ args, range }) => {
    const [value, start] = args.map((arg) => arg.value);
    const items = value && iterated(value);
    const from =
      start === undefined ? 0 : start.kind === "scalar" && typeof start.value === "number" ? start.value : undefined;
    return items && from !== undefined
      ? sequence(
          items.map((item, i) =>
            sequence([{ kind: "scalar", value: from + i, range: rangeOf(range) }, item], range, "tuple"),
          ),
          range,
        )
      : undefined;
  },
  "builtins.zip": ({ args, values, range }) => {
    const lists = values.map(iterated);
    if (args.some((arg) => arg.name !== undefined && arg.name !== "strict") || lists.some((list) => !list))
      return undefined;
    const columns = lists.slice(0, args.filter((arg) => arg.name === undefined).length);
    const length = columns.length === 0 ? 0 : Math.min(...columns.map((list) => list?.length ?? 0));
    return sequence(
      Array.from({ length }, (_, i) =>
        sequence(
          columns.flatMap((list) => list?.[i] ?? []),
          range,
          "tuple",
        ),
      ),
      range,
    );
  },
  "builtins.range": rangeOfNumbers,
  "builtins.map": mapped,
  "builtins.filter": filtered,
  "builtins.next": ({ values: [over, otherwise], range }) => {
    if (over?.kind !== "sequence") return undefined;
    return over.items[0] ?? (over.complete ? otherwise : undefined) ?? unknown("an element of a list", range, over);
  },
  "builtins.min": ({ vm, args, range, nameRange }) => extreme({ vm, args, range, nameRange }, "min"),
  "builtins.max": ({ vm, args, range, nameRange }) => extreme({ vm, args, range, nameRange }, "max"),
  "builtins.any": ({ values: [over], range }) => quantified(over, true, range),
  "builtins.all": ({ values: [over], range }) => quantified(over, false, range),
  "builtins.dict.fromkeys": ({ values: [keys, item], range }) => {
    const items = keys && iterated(keys);
    const value: Value = item ?? { kind: "scalar", value: null, range: rangeOf(range) };
    return items
      ? mapping(
          items.map((key) => [key, value]),
          range,
        )
      : undefined;
  },
  "builtins.str.join": ({ values: [glue, items], range }) =>
    glue?.kind === "text" && items ? join(glue, items, range) : undefined,
  "builtins.str.lower": ({ values: [text], range }) =>
    text?.kind === "text" ? askText(text, "lower", [], range) : undefined,
  "builtins.str.upper": ({ values: [text], range }) =>
    text?.kind === "text" ? askText(text, "upper", [], range) : undefined,
  "builtins.str.strip": ({ values: [text], range }) =>
    text?.kind === "text" ? askText(text, "strip", [], range) : undefined,
  "itertools.chain.from_iterable": ({ values: [lists], range }) => {
    const all = lists && iterated(lists)?.map(iterated);
    return all?.every((list) => list !== undefined) ? sequence(all.flat(), range) : undefined;
  },
  "itertools.product": ({ args, values, range }) => {
    const lists = values.map(iterated);
    if (args.some((arg) => arg.name !== undefined) || !lists.every((list) => list !== undefined)) return undefined;
    if (lists.reduce((count, list) => count * list.length, 1) > maximalRange) return undefined;
    const rows = lists.reduce<readonly (readonly Value[])[]>(
      (all, list) => all.flatMap((row) => list.map((item) => [...row, item])),
      [[]],
    );
    return sequence(
      rows.map((row) => sequence(row, range, "tuple")),
      range,
    );
  },
  "collections.namedtuple": ({ values, range }) => namedTuple(values, range),
  "collections.OrderedDict": ({ args, range }) => merge(mapping([], range), args),
  "itertools.chain": ({ values, range }) =>
    values.reduce<Sequence>((all, value) => extend(all, value), sequence([], range)),
  "builtins.super": ({ vm, values, range, nameRange }) =>
    values.length === 0 ? superOf(vm, range, nameRange) : undefined,
  "importlib.import_module": ({ vm, values: [name], range }) =>
    isKnown(name) && vm.modules?.has(name.text, vm)
      ? { kind: "reference", path: name.text, range: rangeOf(range) }
      : undefined,
  "builtins.globals": ({ vm, range }) =>
    mapping(
      [...vm.module.names].map(([name, value]) => [derivedText(name, range), value]),
      range,
      vm.home.stars.length === 0,
    ),
  "builtins.eval": ({ vm, values: [code] }) =>
    isKnown(code) && /^\w+$/.test(code.text) ? lookUp(vm.module, code.text) : undefined,
  "builtins.getattr": ({ vm, values: [of, name], range, nameRange }) =>
    of && isKnown(name) ? findMember(vm, of, name.text, range, nameRange) : undefined,
  "builtins.setattr": setAttribute,
  "builtins.isinstance": ({ values: [value, type], range }) => {
    const known = value && type && isInstance(value, type);
    return known === undefined ? undefined : { kind: "scalar", value: known, range: rangeOf(range) };
  },
  "os.linesep.join": ({ values: [items], range }) => (items ? join(derivedText("\n", range), items, range) : undefined),
};

/** What the call of a known function gives; `undefined` where the call says more than any value would. */
export function answerFunction(path: string, asked: Asked): Value | undefined {
  return asked.args.some((arg) => arg.starred) ? undefined : answers[path]?.(asked);
}

function rangeOfNumbers({ values, range }: Asked): Value | undefined {
  if (values.length === 0 || !values.every((value) => value.kind === "scalar" && typeof value.value === "number"))
    return undefined;
  const numbers = values.map((value) => (value.kind === "scalar" ? Number(value.value) : 0));
  const [start, end, step] =
    numbers.length === 1 ? [0, numbers[0] ?? 0, 1] : [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 1];
  const length = step === 0 ? 0 : Math.max(0, Math.ceil((end - start) / step));
  if (!(length <= maximalRange)) return undefined;
  return sequence(
    Array.from({ length }, (_, i): Value => ({ kind: "scalar", value: start + i * step, range: rangeOf(range) })),
    range,
  );
}

/** `filter(test, values)`: of what passes only for certain nothing is left out. */
function filtered({ vm, values: [test, over], range, nameRange }: Asked): Value | undefined {
  const items = over && iterated(over);
  if (!test || !items) return over?.kind === "sequence" ? sequence(over.items, range, over.type, false) : undefined;
  const isNone = test.kind === "scalar" && test.value === null;
  const judged = items.map((item): readonly [Value, boolean | undefined] => {
    const args = [{ value: item, range: item.range }];
    return [item, truthOf(isNone ? item : vm.invoke({ callee: test, args, range, nameRange, use: "expression" }))];
  });
  const kept = judged.filter(([, passes]) => passes !== false).map(([item]) => item);
  return sequence(
    kept,
    range,
    "list",
    judged.every(([, passes]) => passes !== undefined),
  );
}

/** What the key function gives for each of the items, or the items themselves. */
function keysFor(
  { vm, args, range, nameRange }: Pick<Asked, "vm" | "args" | "range" | "nameRange">,
  items: readonly Value[],
): readonly Value[] {
  const key = args.find((arg) => arg.name === "key")?.value;
  if (!key || (key.kind === "scalar" && key.value === null)) return items;
  return items.map((item) =>
    vm.invoke({ callee: key, args: [{ value: item, range: item.range }], range, nameRange, use: "expression" }),
  );
}

/** In the order of the items where the keys cannot be compared: then only what there is, is known. */
export function sortedItems(
  asked: Pick<Asked, "vm" | "args" | "range" | "nameRange">,
  items: readonly Value[],
): readonly Value[] | undefined {
  const reverse = asked.args.find((arg) => arg.name === "reverse")?.value;
  const isReverse = reverse === undefined ? false : truthOf(reverse);
  const keys = keysFor(asked, items);
  if (isReverse === undefined) return undefined;
  const order = sortedIndexes(keys, isReverse);
  return order?.flatMap((i) => items[i] ?? []);
}

function sorted(asked: Asked): Value | undefined {
  const [over] = asked.values;
  const items = over && iterated(over);
  if (!items) return over?.kind === "sequence" ? { ...over, type: "list", range: rangeOf(asked.range) } : undefined;
  return sequence(sortedItems(asked, items) ?? items, asked.range);
}

function extreme(asked: Pick<Asked, "vm" | "args" | "range" | "nameRange">, which: "min" | "max"): Value | undefined {
  const plain = asked.args.filter((arg) => arg.name === undefined).map((arg) => arg.value);
  const [first] = plain;
  const items = plain.length === 1 && first ? iterated(first) : plain;
  const order = items && sortedIndexes(keysFor(asked, items), which === "max");
  const found = order?.[0];
  return found === undefined ? asked.args.find((arg) => arg.name === "default")?.value : items?.[found];
}

function quantified(over: Value | undefined, sought: boolean, range: Range): Value | undefined {
  const truths = (over && (iterated(over) ?? (over.kind === "sequence" ? over.items : undefined)))?.map(truthOf);
  const isWhole = over !== undefined && iterated(over) !== undefined;
  if (truths?.includes(sought)) return { kind: "scalar", value: sought, range: rangeOf(range) };
  return isWhole && truths?.every((truth) => truth !== undefined)
    ? { kind: "scalar", value: !sought, range: rangeOf(range) }
    : undefined;
}

/** `namedtuple("Point", "x y")`: a class whose objects are tuples with names. */
function namedTuple([name, given]: readonly Value[], range: Range): Value | undefined {
  const names = isKnown(given)
    ? given.text.split(/[\s,]+/).filter((one) => one !== "")
    : given && itemsOf(given)?.map((one) => (isKnown(one) ? one.text : ""));
  if (!isKnown(name) || !names || names.includes("")) return undefined;
  const base: Value = { kind: "reference", path: "typing.NamedTuple", range: rangeOf(range) };
  return {
    kind: "class",
    name: name.text,
    bases: [base],
    members: new Map(),
    fields: names.map((one) => ({ name: one })),
    range: rangeOf(range),
  };
}

function mapped({ vm, values, range, nameRange }: Asked): Value | undefined {
  const [fn, over, ...others] = values;
  if (!fn || !over) return undefined;
  if (others.length > 0) {
    const lists = [over, ...others].map(iterated);
    if (!lists.every((list) => list !== undefined)) return undefined;
    const length = Math.min(...lists.map((list) => list.length));
    const rows = Array.from({ length }, (_, i) => lists.flatMap((list) => list[i] ?? []));
    return sequence(
      rows.map((row) => {
        const args = row.map((value) => ({ value, range: value.range }));
        return vm.invoke({ callee: fn, args, range, nameRange, use: "expression" });
      }),
      range,
    );
  }
  const call = (item: Value): Value =>
    vm.invoke({ callee: fn, args: [{ value: item, range: item.range }], range, nameRange, use: "expression" });
  const items = iterated(over);
  if (items && items.length <= 64) return sequence(items.map(call), range);
  const item = vm.watcher.within(
    { kind: "loop", over, constant: items !== undefined, endless: false, range: rangeOf(range) },
    () => call(unknown("an element of something", range, over)),
  );
  return sequence([item], range, "list", false);
}

const builtinTypes = new Set(["str", "int", "float", "bool", "bytes", "list", "tuple", "set", "frozenset", "dict"]);

/** Whether a constant is of one of Python's own types. */
function isInstance(value: Value, type: Value): boolean | undefined {
  const types = type.kind === "sequence" ? type.items : [type];
  const names = types.map((one) => (one.kind === "reference" ? one.path.replace(/^builtins\./, "") : ""));
  const own = ownTypes(value);
  if (!own) return undefined;
  if (names.some((name) => own.includes(name))) return true;
  return names.every((name) => builtinTypes.has(name)) ? false : undefined;
}

function ownTypes(value: Value): readonly string[] | undefined {
  switch (value.kind) {
    case "text":
      return ["str"];
    case "sequence":
      return [value.type];
    case "mapping":
      return ["dict"];
    case "scalar":
      return value.value === null
        ? []
        : typeof value.value === "boolean"
          ? ["bool", "int"]
          : Number.isInteger(value.value)
            ? ["int"]
            : ["float"];
    case "class":
    case "function":
    case "lambda":
      return [];
    default:
      return undefined;
  }
}

/** Objects of the file's own classes keep the attribute; all others are for the watcher to judge. */
function setAttribute({ vm, values: [of, name, value], range, nameRange }: Asked): Value | undefined {
  if (!of || !name || !value) return undefined;
  const attributes = vm.attributes.get(of);
  if (attributes && isKnown(name)) vm.journal.bind(attributes, name.text, value);
  else vm.watcher.attributeSet(of, isKnown(name) ? name.text : "", value, range, nameRange);
  return { kind: "scalar", value: null, range: rangeOf(range) };
}
