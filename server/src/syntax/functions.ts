/** Functions of Python itself and of its library whose result can be told from their arguments. */
import type { Range } from "../text/range.ts";
import { extend, itemsOf, mapping, merge, sequence } from "./containers.ts";
import { rangeOf, unknown, type Interpreter } from "./interpreter.ts";
import { plainText } from "./literal.ts";
import { findMember, superOf } from "./members.ts";
import { truthOf } from "./operators.ts";
import { lookUp } from "./scope.ts";
import { dedent, join } from "./strings.ts";
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
    const items = itemsOf(first);
    if (items) return sequence(items, range, type);
    return first.kind === "sequence" ? { ...first, type, range: rangeOf(range) } : undefined;
  };

const first: Answer = ({ values }) => values[0];

const answers: Readonly<Record<string, Answer>> = {
  "builtins.list": asSequence("list"),
  "builtins.tuple": asSequence("tuple"),
  "builtins.set": asSequence("set"),
  "builtins.frozenset": asSequence("set"),
  "builtins.sorted": asSequence("list"),
  "builtins.iter": first,
  "typing.cast": ({ values }) => values[1],
  "copy.copy": first,
  "copy.deepcopy": first,
  "textwrap.dedent": ({ values: [text] }) => (text?.kind === "text" ? dedent(text) : undefined),
  "inspect.cleandoc": ({ values: [text] }) => (text?.kind === "text" ? dedent(text) : undefined),
  "builtins.dict": ({ args, range }) => merge(mapping([], range), args),
  "builtins.str": ({ values: [value], range }) => (value ? plainText(value) : derivedText("", range)),
  "builtins.repr": ({ values: [value], range }) =>
    value && isKnown(value) && !/['\\]/.test(value.text) ? derivedText(`'${value.text}'`, range) : undefined,
  "builtins.bool": ({ values: [value], range }) => {
    const truth = value ? truthOf(value) : false;
    if (truth === undefined && value)
      return value.kind === "operator" ? value : { kind: "operator", operator: "bool", operands: [value], range };
    return { kind: "scalar", value: truth === true, range: rangeOf(range) };
  },
  "builtins.len": ({ values: [value], range }) => {
    const items = value && itemsOf(value);
    const length = items ? items.length : isKnown(value) ? value.text.length : undefined;
    return length === undefined ? undefined : { kind: "scalar", value: length, range: rangeOf(range) };
  },
  "builtins.int": ({ values: [value], range }) => {
    const number =
      value?.kind === "scalar"
        ? Number(value.value)
        : isKnown(value) && /^\s*-?\d+\s*$/.test(value.text)
          ? Number(value.text)
          : undefined;
    return number === undefined ? undefined : { kind: "scalar", value: Math.trunc(number), range: rangeOf(range) };
  },
  "builtins.reversed": ({ values: [value], range }) => {
    const items = value && itemsOf(value);
    return items ? sequence(items.toReversed(), range) : undefined;
  },
  "builtins.enumerate": ({ values: [value], range }) => {
    const items = value && itemsOf(value);
    return items
      ? sequence(
          items.map((item, i) => sequence([{ kind: "scalar", value: i, range: rangeOf(range) }, item], range, "tuple")),
          range,
        )
      : undefined;
  },
  "builtins.zip": ({ values, range }) => {
    const lists = values.map(itemsOf);
    if (lists.length === 0 || lists.some((list) => !list)) return undefined;
    const length = Math.min(...lists.map((list) => list?.length ?? 0));
    return sequence(
      Array.from({ length }, (_, i) =>
        sequence(
          lists.flatMap((list) => list?.[i] ?? []),
          range,
          "tuple",
        ),
      ),
      range,
    );
  },
  "builtins.range": rangeOfNumbers,
  "builtins.map": mapped,
  "builtins.filter": ({ values: [, over], range }) =>
    over?.kind === "sequence" ? { ...over, complete: false, range: rangeOf(range) } : undefined,
  "builtins.next": ({ values: [over], range }) =>
    over?.kind === "sequence" ? (over.items[0] ?? unknown("an element of a list", range, over)) : undefined,
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
      false,
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

function mapped({ vm, values: [fn, over], range, nameRange }: Asked): Value | undefined {
  if (!fn || !over) return undefined;
  const call = (item: Value): Value =>
    vm.invoke({ callee: fn, args: [{ value: item, range: item.range }], range, nameRange, use: "expression" });
  const items = itemsOf(over);
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
