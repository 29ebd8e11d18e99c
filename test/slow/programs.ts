/** Random Python programs of the kind that migrations are: names and SQL that are put together from constants. */
import fc from "fast-check";

/** Draws one value; `fc.gen()`. */
type Draw = fc.GeneratorValue;

interface Names {
  readonly strings: string[];
  readonly numbers: string[];
  readonly lists: string[];
  readonly dicts: string[];
  readonly functions: string[];
  /** How many names were given so far. */
  count: number;
}

interface Maker {
  readonly draw: Draw;
  readonly names: Names;
  readonly depth: number;
}

const pick = <T>({ draw }: Maker, ...options: readonly [T, ...T[]]): T => draw(fc.constantFrom, ...options);
const int = ({ draw }: Maker, min: number, max: number): number => draw(() => fc.integer({ min, max }));
const deeper = (maker: Maker): Maker => ({ ...maker, depth: maker.depth + 1 });

function fresh({ names }: Maker, prefix: string): string {
  names.count++;
  return `${prefix}${String(names.count)}`;
}

const words = [
  "users",
  "id",
  "Name",
  "created at",
  "a_b",
  "",
  "x'y",
  "Ä",
  "tab\\t",
  "é=%",
  "{}",
  "50%",
  "  pad ",
  "a,b,c",
  'q\\"q',
] as const;

function literal(maker: Maker): string {
  const word = pick(maker, ...words);
  const raw = word.replaceAll(/[\\"]/g, "");
  return pick(
    maker,
    `"${word}"`,
    `"${word}"`,
    `'''${word.replaceAll("'", "-")}'''`,
    `"${word}" '${raw.replaceAll("'", "")}'`,
    `r"${raw}\\d"`,
  );
}

/** An expression that is a string. */
export function text(maker: Maker): string {
  const { names, depth } = maker;
  if (depth > 3)
    return names.strings.length > 0 && int(maker, 0, 2) > 0
      ? pick(maker, names.strings[0] ?? '""', ...names.strings)
      : literal(maker);
  const sub = deeper(maker);
  const s = (): string => text(sub);
  const n = (): string => number(sub);
  const forms: readonly (() => string)[] = [
    () => literal(maker),
    () => (names.strings.length > 0 ? pick(maker, names.strings[0] ?? '""', ...names.strings) : literal(maker)),
    () => (names.strings.length > 0 ? pick(maker, names.strings[0] ?? '""', ...names.strings) : literal(maker)),
    () => `${s()} + ${s()}`,
    () => `f"a{${plain(sub)}}b{${plain(sub)}}"`,
    () => `f"{${plain(sub)}${pick(maker, "", "!s", "!r", ":>8", ":<6", ":^7", ":*^9", ":.2", "!s:5")}}|"`,
    () =>
      `f"{${plainNumber(sub)}${pick(maker, "", ":d", ":04d", ":>6", ":+d", ":,", ":x", ":08.3f", "!r", ":<5d", ":_", ":b", ":e", ":.0%")}}"`,
    () => `f"{${plain(sub)}:{${plainNumber(sub)}}}"`,
    () => `"%s-%s" % (${s()}, ${n()})`,
    () => `"%s" % (${s()},)`,
    () => `"${pick(maker, "%5s|", "%-5s|", "%.2s|", "%r")}" % (${s()},)`,
    () =>
      `"${pick(maker, "%d", "%05d", "%x", "%+d", "%-4d|", "%.2f", "%i", "%o", "%s", "%5.1f", "%c")}" % (${pick(maker, "7", "42", "65")},)`,
    () => `"%(a)s=%(b)d%%" % {"a": ${s()}, "b": ${n()}}`,
    () => `"{}.{}".format(${s()}, ${n()})`,
    () => `"{1}{0}{{}}".format(${s()}, ${s()})`,
    () => `"{a}:{b:>4}".format(a=${s()}, b=${n()})`,
    () => `"{0!r:>9}".format(${s()})`,
    () => `"{d[k]} {l[0]}".format(d={"k": ${s()}}, l=[${s()}])`,
    () => `"{a}".format(**{"a": ${s()}})`,
    () => `${pick(maker, '", "', '""', '" AND "')}.join(${list(sub)})`,
    () => `", ".join(f"{i}={x}" for i, x in enumerate(${list(sub)}))`,
    () => `" ".join([x.upper() for x in ${list(sub)} if x])`,
    () => `"; ".join(f"{k} {v}" for k, v in ${dict(sub)}.items())`,
    () =>
      `(${s()}).${pick(maker, "strip()", "lstrip()", "rstrip()", "upper()", "lower()", "title()", "capitalize()", "swapcase()", 'strip("ab ")', "casefold()", 'replace("a", "b")', 'replace("a", "", 1)', 'removeprefix("us")', 'removesuffix("rs")', "zfill(8)", "ljust(6, '.')", "rjust(6)", "center(9, '*')", 'partition("e")[2]', 'rpartition("e")[0]', "expandtabs(4)", 'translate({97: "z"})')}`,
    () => `(${s()} + "xyz")[${pick(maker, "0", "-1", ":2", "1:", "-2:", "::2", "::-1", ":-1", "1:3")}]`,
    () => `str(${pick(maker, n(), s(), "True", "None", "2.5", "[1, 'a']", "('x',)", "1e3")})`,
    () => `repr(${s()})`,
    () => `(${s()} if ${condition(sub)} else ${s()})`,
    () => `dedent("""\n        select ${pick(maker, "a", "b")}\n          from {t}\n        """).format(t=${s()})`,
    () => `sorted(${list(sub)} + ["zz"])[0]`,
    () => `(${list(sub)} + ["last"])[${pick(maker, "0", "-1")}]`,
    () => `${dict(sub)}.get(${s()}, ${s()})`,
    () => `min(${list(sub)} + ["m"])`,
    () => `max(${list(sub)} + ["m"], key=len)`,
    () => `(${s()} or ${s()})`,
    () => `(${s()} and ${s()})`,
    () => `(${s()}) * ${pick(maker, "0", "1", "2", "3")}`,
    () => `next(iter(${list(sub)} + [${s()}]))`,
    () => `chr(${String(int(maker, 65, 90))})`,
    () => `format(${n()}, ${pick(maker, '"d"', '">5"', '"05"')})`,
    () => `(lambda a, b="d": a + b)(${s()})`,
    () => `"".join(reversed(${s()}))`,
    () => `"-".join(map(str, ${pick(maker, "range(3)", "[1, 2]", "(x * 2 for x in range(3))", "range(5, 0, -2)")}))`,
    () => `"|".join(sorted({${s()}, ${s()}}))`,
    () => `"|".join(filter(None, ${list(sub)}))`,
    () => `"|".join(a + b for a, b in zip(${list(sub)}, ${list(sub)}))`,
    () => `"|".join(x for xs in [${list(sub)}, ${list(sub)}] for x in xs)`,
    ...names.functions.map((name) => () => `${name}(${s()}${pick(maker, "", `, ${s()}`, `, b=${s()}`)})`),
  ];
  return forms[int(maker, 0, forms.length - 1)]?.() ?? '""';
}

/** What may stand in the braces of an f-string, whose quotes are double. */
const plain = (maker: Maker): string =>
  maker.names.strings.length > 0
    ? pick(maker, maker.names.strings[0] ?? "", ...maker.names.strings)
    : pick(maker, "'v'", "'w x'");

const plainNumber = (maker: Maker): string =>
  maker.names.numbers.length > 0
    ? pick(maker, maker.names.numbers[0] ?? "", ...maker.names.numbers)
    : pick(maker, "3", "12", "1000");

function number(maker: Maker): string {
  const { names, depth } = maker;
  const base = (): string =>
    names.numbers.length > 0 && int(maker, 0, 1) > 0
      ? pick(maker, names.numbers[0] ?? "0", ...names.numbers)
      : String(int(maker, 0, 20));
  if (depth > 3) return base();
  const sub = deeper(maker);
  const forms: readonly (() => string)[] = [
    base,
    base,
    () => `${number(sub)} ${pick(maker, "+", "-", "*", "//", "%")} ${String(int(maker, 1, 5))}`,
    () => `-${base()}`,
    () => `len(${pick(maker, text(sub), list(sub), dict(sub))})`,
    () => `(${number(sub)} if ${condition(sub)} else ${number(sub)})`,
    () => `sum([${number(sub)}, ${number(sub)}])`,
    () => `max(${number(sub)}, ${number(sub)})`,
    () => `min(${number(sub)}, ${number(sub)})`,
    () => `abs(${number(sub)})`,
    () => `int("${String(int(maker, 0, 99))}")`,
    () => `(${text(sub)}).${pick(maker, 'count("a")', 'find("e")', 'rfind("s")')}`,
    () => `round(${String(int(maker, 0, 9))}.5)`,
    () => `2 ** ${String(int(maker, 0, 8))}`,
    () => `${number(sub)} ${pick(maker, "&", "|", "<<")} 3`,
    () => `(${list(sub)} + ["m"]).index("m")`,
    () => `int(${condition(sub)})`,
    () => `divmod(${number(sub)}, 3)[${pick(maker, "0", "1")}]`,
  ];
  return forms[int(maker, 0, forms.length - 1)]?.() ?? "0";
}

function list(maker: Maker): string {
  const { names, depth } = maker;
  const base = (): string =>
    names.lists.length > 0 && int(maker, 0, 1) > 0
      ? pick(maker, names.lists[0] ?? "[]", ...names.lists)
      : `[${Array.from({ length: int(maker, 0, 3) }, () => text({ ...maker, depth: 9 })).join(", ")}]`;
  if (depth > 3) return base();
  const sub = deeper(maker);
  const forms: readonly (() => string)[] = [
    base,
    base,
    () => `[${text(sub)}, ${text(sub)}, *${list(sub)}]`,
    () => `${list(sub)} + ${list(sub)}`,
    () => `(${text(sub)}).split(${pick(maker, "", '","', '" "', '"a", 1', "None, 1")})`,
    () => `(${text(sub)}).${pick(maker, "splitlines()", 'rsplit("a", 1)', 'rsplit(",")')}`,
    () =>
      `sorted(${list(sub)}${pick(maker, "", ", reverse=True", ", key=len", ", key=str.lower", ", key=lambda v: (len(v), v)")})`,
    () => `list(reversed(${list(sub)}))`,
    () => `${list(sub)}[${pick(maker, ":1", "1:", "::-1", "-1:", "::2")}]`,
    () => `[x + ${text(sub)} for x in ${list(sub)}]`,
    () =>
      `[x for x in ${list(sub)} if ${pick(maker, "x", "len(x) > 2", '"a" in x', "not x", 'x != "id"', "x.isupper()", "x.isidentifier()", "x.isalpha()")}]`,
    () => `list(${dict(sub)}${pick(maker, "", ".keys()", ".values()")})`,
    () => `[f"{k}" + v for k, v in sorted(${dict(sub)}.items())]`,
    () => `${list(sub)} * 2`,
    () => `list(dict.fromkeys(${list(sub)}))`,
    () => `list(map(lambda v: v + "!", ${list(sub)}))`,
    () => `[*${list(sub)}, ${text(sub)}]`,
    () => `(${list(sub)} if ${condition(sub)} else ${list(sub)})`,
    () => `[str(i) for i in range(${String(int(maker, 0, 4))})]`,
    () => `list(${text(sub)})`,
  ];
  return forms[int(maker, 0, forms.length - 1)]?.() ?? "[]";
}

function dict(maker: Maker): string {
  const { names, depth } = maker;
  const entries = (): string =>
    `{${Array.from({ length: int(maker, 0, 3) }, () => `${text({ ...maker, depth: 9 })}: ${text({ ...maker, depth: 9 })}`).join(", ")}}`;
  const base = (): string =>
    names.dicts.length > 0 && int(maker, 0, 1) > 0 ? pick(maker, names.dicts[0] ?? "{}", ...names.dicts) : entries();
  if (depth > 3) return base();
  const sub = deeper(maker);
  const forms: readonly (() => string)[] = [
    base,
    base,
    () => `{**${dict(sub)}, ${text(sub)}: ${text(sub)}}`,
    () => `{x: x.upper() for x in ${list(sub)}}`,
    () => `dict(zip(${list(sub)}, ${list(sub)}))`,
    () => `dict(a=${text(sub)}, b=${text(sub)})`,
    () => `dict([(${text(sub)}, ${text(sub)})])`,
    () => `(${dict(sub)} | ${dict(sub)})`,
    () => `{k: v for k, v in ${dict(sub)}.items() if k}`,
  ];
  return forms[int(maker, 0, forms.length - 1)]?.() ?? "{}";
}

function condition(maker: Maker): string {
  if (maker.depth > 3) return pick(maker, "True", "False");
  const sub = deeper(maker);
  const forms: readonly (() => string)[] = [
    () => `${text(sub)} == ${text(sub)}`,
    () => `${text(sub)} in ${list(sub)}`,
    () => `${text(sub)} not in ${dict(sub)}`,
    () => `${number(sub)} ${pick(maker, "<", "<=", ">", "==", "!=")} ${number(sub)}`,
    () => `1 < ${number(sub)} <= 9`,
    () => `(${text(sub)}).${pick(maker, 'startswith("u")', 'endswith(("s", "e"))', "isdigit()", "islower()")}`,
    () => `not ${list(sub)}`,
    () => `${condition(sub)} ${pick(maker, "and", "or")} ${condition(sub)}`,
    () => `bool(${text(sub)})`,
    () =>
      `isinstance(${pick(maker, text(sub), number(sub), list(sub))}, ${pick(maker, "str", "int", "(list, tuple)")})`,
    () => `any(x for x in ${list(sub)})`,
    () => `all(len(x) > 1 for x in ${list(sub)})`,
    () => `${text(sub)} < ${text(sub)}`,
    () => `${list(sub)} == ${list(sub)}`,
    () => `None is None`,
  ];
  return forms[int(maker, 0, forms.length - 1)]?.() ?? "True";
}

type Lines = readonly string[];

const indented = (lines: Lines): Lines => (lines.length > 0 ? lines.map((line) => `    ${line}`) : ["    pass"]);

/** A call that is noted. */
function call(maker: Maker): string {
  return pick(
    maker,
    () => `op.execute(${text(maker)})`,
    () => `op.execute(${text(maker)})`,
    () => `op.drop_table(${text(maker)})`,
    () => `op.drop_column(${text(maker)}, ${text(maker)})`,
    () => `op.create_index(${text(maker)}, ${text(maker)}, ${list(maker)}, unique=${condition(maker)})`,
    () => `op.bulk_insert(${text(maker)}, rows=[${dict(maker)}])`,
    () => `op.rename_table(*${`[${text(maker)}, ${text(maker)}]`}, **{"schema": ${text(maker)}})`,
  )();
}

/** Some statements; what a block binds is not used after it, because the block may not run. */
function block(maker: Maker, most: number): Lines {
  const { names } = maker;
  const known = [names.strings.length, names.numbers.length, names.lists.length, names.dicts.length];
  const lines = Array.from({ length: int(maker, 1, most) }, () => statement(maker)).flat();
  [names.strings, names.numbers, names.lists, names.dicts].forEach((all, i) => all.splice(known[i] ?? 0));
  return lines;
}

function statement(maker: Maker): Lines {
  const { names, depth } = maker;
  const sub = deeper(maker);
  const isDeep = depth > 2;
  const bind = (kind: "strings" | "numbers" | "lists" | "dicts", prefix: string, value: string): Lines => {
    const name = fresh(maker, prefix);
    const lines = [`${name} = ${value}`];
    names[kind].push(name);
    return lines;
  };
  const variable = (kind: "strings" | "numbers" | "lists" | "dicts"): string | undefined =>
    names[kind].length > 0 ? pick(maker, names[kind][0] ?? "", ...names[kind]) : undefined;
  const within = (head: string, lists: () => Lines): Lines => (isDeep ? [call(maker)] : [head, ...indented(lists())]);
  const forms: readonly (() => Lines)[] = [
    () => [call(maker)],
    () => [call(maker)],
    () => bind("strings", "s", text(maker)),
    () => bind("numbers", "n", number(maker)),
    () => bind("lists", "l", list(maker)),
    () => bind("dicts", "d", dict(maker)),
    () => {
      const [a, b] = [fresh(maker, "s"), fresh(maker, "s")];
      const lines = [
        pick(
          maker,
          `${a}, ${b} = ${text(maker)}, ${text(maker)}`,
          `${a}, *_, ${b} = [${text(maker)}, "m", ${text(maker)}]`,
          `${a} = ${b} = ${text(maker)}`,
        ),
      ];
      names.strings.push(a, b);
      return lines;
    },
    () => {
      const s = variable("strings");
      return s === undefined ? [call(maker)] : [`${s} ${pick(maker, "+=", "=")} ${text(maker)}`];
    },
    () => {
      const n = variable("numbers");
      return n === undefined ? [call(maker)] : [`${n} ${pick(maker, "+=", "-=", "*=")} ${String(int(maker, 0, 4))}`];
    },
    () => {
      const l = variable("lists");
      if (l === undefined) return [call(maker)];
      return [
        pick(
          maker,
          `${l}.append(${text(maker)})`,
          `${l} += [${text(maker)}]`,
          `${l} = ${l} + [${text(maker)}]`,
          `${l}.extend(${list(deeper(maker))})`,
          `${l}.insert(${pick(maker, "0", "1", "-1", "9")}, ${text(maker)})`,
          `${l}.sort(${pick(maker, "", "reverse=True", "key=len")})`,
          `${l}.reverse()`,
          `${l}[0:1] = [${text(maker)}]`,
          `${l} = ${l}[:2]`,
          `${l}.clear()`,
          `del ${l}[:1]`,
        ),
      ];
    },
    () => {
      const l = variable("lists");
      return l === undefined
        ? [call(maker)]
        : [
            `${l}.append("z")`,
            pick(
              maker,
              `${l}[-1] = ${text(maker)}`,
              `${l}.pop()`,
              `${l}.pop(0)`,
              `${l}.remove("z")`,
              `del ${l}[-1]`,
              `op.execute(${l}.pop())`,
            ),
          ];
    },
    () => {
      const d = variable("dicts");
      if (d === undefined) return [call(maker)];
      return [
        pick(
          maker,
          `${d}[${text(maker)}] = ${text(maker)}`,
          `${d}.update(${dict(deeper(maker))})`,
          `${d}.update(a=${text(maker)})`,
          `${d}.setdefault(${text(maker)}, ${text(maker)})`,
          `${d}.pop(${text(maker)}, None)`,
          `${d} |= ${dict(deeper(maker))}`,
          `op.execute(${d}.pop(${text(maker)}, "none"))`,
        ),
      ];
    },
    () => {
      const x = fresh(maker, "x");
      return within(
        `for ${x} in ${pick(maker, list(maker), `sorted(${list(maker)})`, `reversed(${list(maker)})`, `set([${text(maker)}])`, `${dict(maker)}`, `(${text(maker)}, "t")`)}:`,
        () => {
          names.strings.push(x);
          const lines = block(sub, 3);
          names.strings.splice(names.strings.indexOf(x), 1);
          return pick(maker, lines, lines, [
            ...lines,
            `if ${condition(sub)}:`,
            `    ${pick(maker, "break", "continue")}`,
            call(sub),
          ]);
        },
      );
    },
    () => {
      const [i, x] = [fresh(maker, "i"), fresh(maker, "x")];
      return within(
        `for ${i}, ${x} in ${pick(maker, `enumerate(${list(maker)})`, `enumerate(${list(maker)}, 1)`, `enumerate(${list(maker)}, start=5)`, `zip(range(9), ${list(maker)})`, `[(1, ${text(maker)}), (2, "b")]`)}:`,
        () => {
          names.strings.push(x);
          names.numbers.push(i);
          const lines = block(sub, 3);
          names.strings.splice(names.strings.indexOf(x), 1);
          names.numbers.splice(names.numbers.indexOf(i), 1);
          return lines;
        },
      );
    },
    () => {
      const [k, v] = [fresh(maker, "k"), fresh(maker, "v")];
      return within(
        `for ${k}, ${v} in ${pick(maker, `${dict(maker)}.items()`, `sorted(${dict(maker)}.items())`, `zip(${list(maker)}, ${list(maker)})`)}:`,
        () => {
          names.strings.push(k, v);
          const lines = block(sub, 3);
          for (const name of [k, v]) names.strings.splice(names.strings.indexOf(name), 1);
          return lines;
        },
      );
    },
    () => {
      if (isDeep) return [call(maker)];
      const lines = [`if ${condition(maker)}:`, ...indented(block(sub, 2))];
      if (int(maker, 0, 1) > 0) lines.push(`elif ${condition(maker)}:`, ...indented(block(sub, 2)));
      if (int(maker, 0, 1) > 0) lines.push("else:", ...indented(block(sub, 2)));
      return lines;
    },
    () => {
      const n = fresh(maker, "w");
      return isDeep
        ? [call(maker)]
        : [
            `${n} = 0`,
            `while ${pick(maker, `${n} < ${String(int(maker, 0, 4))}`, "True")}:`,
            ...indented([...block(sub, 2), `${n} += 1`, `if ${n} > 3:`, "    break"]),
          ];
    },
    () => within("try:", () => block(sub, 2)).concat(isDeep ? [] : ["finally:", ...indented(block(sub, 2))]),
    () => within(`with section(${text(maker)}):`, () => block(sub, 2)),
    () => [
      `run(${text(maker)}, ${text(maker)}, ${pick(maker, `last=${text(maker)}`, `**{"last": ${text(maker)}}`, `*${list(maker)}`)})`,
    ],
    () => [
      `op.execute(${pick(maker, "Color.RED.value", "Color.GREEN.name", '",".join(c.value for c in Color)', '",".join([c.name for c in Color])', 'Color("g").name', 'Color["RED"].value', "str(len(Color))", "Point('a', 'b').y", "Point(y='c', x='d').x", "Row('q').label", "Row('q', label='m').shout()", "Row.KIND", "Settings.TABLE", "Settings.full()", "Kind.A", "f'{Kind.A.value}'")})`,
    ],
    () => [`if (${fresh(maker, "q")} := ${text(maker)}):`, `    op.execute(q${String(names.count)})`],
    () =>
      isDeep
        ? [call(maker)]
        : [
            `match ${text(maker)}:`,
            `    case "users":`,
            ...indented(indented(block(sub, 1))),
            `    case "id" | "a_b":`,
            ...indented(indented(block(sub, 1))),
            "    case _:",
            ...indented(indented(block(sub, 1))),
          ],
  ];
  return forms[int(maker, 0, forms.length - 1)]?.() ?? [];
}

const preamble = `from contextlib import contextmanager
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum
from textwrap import dedent
from alembic import op

class Color(Enum):
    RED = "r"
    GREEN = "g"

class Kind(str, Enum):
    A = "kind a"

Point = namedtuple("Point", "x y")

@dataclass
class Row:
    name: str
    label: str = "none"
    KIND = "row"

    def shout(self):
        return self.name.upper() + self.label

class Settings:
    TABLE = "settings"

    @classmethod
    def full(cls):
        return "public." + cls.TABLE

@contextmanager
def section(name):
    op.execute("begin " + name)
    try:
        yield
    finally:
        op.execute("end " + name)

def run(first, second="two", *rest, last=None, **more):
    op.execute(first)
    for one in rest:
        op.execute(one)
    if last is None:
        return
    op.execute(second + last)
`;

/** Each function takes a string, and perhaps another, and gives a string. */
function helper(maker: Maker): Lines {
  const name = fresh(maker, "f");
  const { names } = maker;
  names.strings.push("a", "b");
  const body = block({ ...maker, depth: 1 }, 3);
  const result = text({ ...maker, depth: 1 });
  names.strings.splice(names.strings.indexOf("a"), 2);
  names.functions.push(name);
  const early = int(maker, 0, 1) > 0 ? [`    if a == ${literal(maker)}:`, "        return b"] : [];
  return [`def ${name}(a, b=${literal(maker)}):`, ...early, ...indented(body), `    return ${result}`, ""];
}

/** A program whose `upgrade()` calls functions of `op` with what it has computed. */
export const program: fc.Arbitrary<string> = fc.gen().map((draw) => {
  const names: Names = { strings: [], numbers: [], lists: [], dicts: [], functions: [], count: 0 };
  const maker: Maker = { draw, names, depth: 1 };
  const lines: string[] = [
    `NAME = ${literal(maker)}`,
    `TABLES = [${literal(maker)}, ${literal(maker)}]`,
    `COLUMNS = {"id": ${literal(maker)}, ${literal(maker)}: "c"}`,
    "",
  ];
  names.strings.push("NAME");
  for (let i = int(maker, 0, 2); i > 0; i--) lines.push(...helper(maker));
  names.strings.splice(0, 1);
  const own = [`name = NAME`, `tables = list(TABLES)`, `columns = dict(COLUMNS)`];
  names.strings.push("name");
  names.lists.push("tables");
  names.dicts.push("columns");
  const body = Array.from({ length: int(maker, 2, 6) }, () => statement(maker)).flat();
  return [preamble, ...lines, "def upgrade():", ...indented([...own, ...body]), ""].join("\n");
});
