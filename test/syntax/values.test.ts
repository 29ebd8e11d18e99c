import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { interpretModule } from "../../server/src/syntax/interpret.ts";
import { parseSource } from "../../server/src/syntax/source.ts";
import { HOLE, type Text, type Value } from "../../server/src/syntax/value.ts";

/** The value of `x` after the module was run. */
function valueOf(text: string, name = "x"): Value {
  const vm = interpretModule(parseSource(text), () => undefined);
  const value = vm.module.names.get(name);
  if (!value) throw new Error(`${name} is not bound`);
  return value;
}

/** A value in Python's own words; unknown parts of strings as `…`. */
function show(value: Value): string {
  switch (value.kind) {
    case "text":
      return JSON.stringify(value.text.replaceAll(HOLE, "…"));
    case "scalar":
      return value.value === null ? "None" : String(value.value);
    case "sequence":
      return `${value.type}[${value.items.map(show).join(", ")}${value.complete ? "" : ", …"}]`;
    case "mapping":
      return `{${value.entries.map(([key, item]) => `${show(key)}: ${show(item)}`).join(", ")}${value.complete ? "" : ", …"}}`;
    case "reference":
      return value.path;
    case "choice":
      return value.options.map(show).join(" | ");
    case "call":
      return `${show(value.callee)}(${value.args.map((arg) => (arg.name ? `${arg.name}=` : "") + show(arg.value)).join(", ")})`;
    case "member":
      return `${show(value.of)}.${value.name}`;
    case "operator":
      return `(${value.operator} ${value.operands.map(show).join(" ")})`;
    default:
      return value.kind;
  }
}

describe("strings", () => {
  test.each([
    [`x = "a" 'b' """c"""`, '"abc"'],
    [`x = "a\\tb\\x41\\u00e9\\\\"`, '"a\\tbAé\\\\"'],
    [`x = r"a\\tb"`, '"a\\\\tb"'],
    [`x = "a" + "b" * 2`, '"abb"'],
    [`x = "a\\\nb"`, '"ab"'],
    [`y = 1\nx = f"{{{y}}} {y + 1} {z} {y!r} {y:>3}"`, '"{1} 2 … 1   1"'],
    [`x = "%s-%d-%%-%(a)s" % ("b", 1)`, '"b-1-%-…"'],
    [`x = "%(a)s %(b)s" % {"a": "c", "b": d}`, '"c …"'],
    [`x = "%s" % "a"`, '"a"'],
    [`x = "100%" + "a"`, '"100%a"'],
    [`x = "{} {1} {b} {c.d} {{}}".format("a", "z", b="y")`, '"a z y … {}"'],
    [`x = "{a}".format(**{"a": "b"})`, '"b"'],
    [`x = ", ".join(["a", "b"])`, '"a, b"'],
    [`x = ", ".join(str(n) for n in range(3))`, '"0, 1, 2"'],
    [`x = ", ".join(["a"] + names)`, '"a…"'],
    [`import textwrap\nx = textwrap.dedent("""\n    a\n      b\n\n    c\n""")`, '"\\na\\n  b\\n\\nc\\n"'],
    [`x = "  a ".strip()`, '"a"'],
    [`x = "a;b;".split(";")`, 'list["a", "b", ""]'],
    [`x = "a b".split()`, 'list["a", "b"]'],
    [`x = "aXbX".replace("X", "--")`, '"a--b--"'],
    [`x = "abc"[1:]`, '"bc"'],
    [`x = "abc"[:-1]`, '"ab"'],
    [`x = "Ab".upper()`, '"AB"'],
    [`x = "a" + unknown + "b"`, '"a…b"'],
    [`x = b"a"`, '"a"'],
  ])("%s", (text, expected) => {
    expect(show(valueOf(text))).toBe(expected);
  });

  test("remember where each stretch was written", () => {
    const text = `T = "users"\nx = "UPDATE " + T + f""" SET {T}.a\\t= 1"""\n`;
    const value = valueOf(text) as Text;
    expect(value.text).toBe("UPDATE users SET users.a\t= 1");
    expect(value.pieces.map(({ range, exact }) => [text.slice(range.start, range.end), exact])).toEqual([
      ["UPDATE ", true],
      ["users", true],
      [" SET ", true],
      ["users", true],
      [".a", true],
      ["\\t", false],
      ["= 1", true],
    ]);
  });

  test("keep places through dedent, strip, slices and replace", () => {
    const text = `from textwrap import dedent\nx = dedent("""\n    UPDATE t\n    SET a = 1\n""").strip().replace("a", "bb")[0:]\n`;
    const value = valueOf(text) as Text;
    expect(value.text).toBe("UPDATE t\nSET bb = 1");
    const exact = value.pieces.filter((piece) => piece.exact);
    expect(exact.length).toBeGreaterThan(3);
    for (const { start, end, range } of exact)
      expect(text.slice(range.start, range.end)).toBe(value.text.slice(start, end));
  });

  test("exact pieces are exact, and pieces cover what is known, for any literal", () => {
    const parts = fc.array(
      fc.constantFrom("a", " ", "\\n", "\\x41", "\\'", "é", "😀", "{{", "}}", "{y}", "{z}", "\\\n", "%"),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(parts, fc.constantFrom("", "f", "r", "rf"), fc.constantFrom('"""', '"'), (inner, prefix, quote) => {
        const text = `y = "why"\nx = "" + ${prefix}${quote}${inner.join("")}${quote}\n`;
        const value = valueOf(text);
        if (value.kind !== "text") return;
        let at = 0;
        for (const { start, end, range, exact } of value.pieces) {
          expect(value.text.slice(at, start).replaceAll(HOLE, "")).toBe("");
          if (exact) expect(text.slice(range.start, range.end)).toBe(value.text.slice(start, end));
          at = end;
        }
        expect(value.text.slice(at).replaceAll(HOLE, "")).toBe("");
        expect(value.holes).toHaveLength(value.text.split(HOLE).length - 1);
      }),
      { numRuns: 100 },
    );
  });
});

describe("containers", () => {
  test.each([
    [`x = [1, *[2, 3], 4]`, "list[1, 2, 3, 4]"],
    [`x = [1, *y]`, "list[1, …]"],
    [`x = {**{"a": 1}, "b": 2}`, '{"a": 1, "b": 2}'],
    [`x = dict(a=1)`, '{"a": 1}'],
    [`x = {"a": [1, 2]}["a"][-1]`, "2"],
    [`x = []\nx.append(1)\nx += [2]\nx.extend((3,))`, "list[1, 2, 3]"],
    [`x = {}\nx["a"] = 1\nx.update(b=2)`, '{"a": 1, "b": 2}'],
    [`x = []\nfor i in y:\n    x.append(i)`, "list[unknown, …]"],
    [`x = [a for a, b in {"k": 1, "l": 2}.items() if b > 1]`, 'list["l"]'],
    [`x = {k: v for k, v in zip("ab".split(), y)}`, "{unknown: unknown, …}"],
    [`x = list(enumerate(["a"]))`, 'list[tuple[0, "a"]]'],
    [`x = sorted({"a"})`, 'list["a"]'],
    [`(a, (b, *x)) = (1, (2, 3, 4))`, "list[3, 4]"],
    [`a, x = y`, "unknown"],
    [`x = {"a": 1}.get("b", 2)`, "2"],
  ])("%s", (text, expected) => {
    expect(show(valueOf(text))).toBe(expected);
  });
});

describe("names", () => {
  test.each([
    [`import a.b\nx = a.b.c`, "a.b.c"],
    [`import a.b as d\nx = d.c`, "a.b.c"],
    [`from a import b as d\nx = d(1, k=2)`, "a.b(1, k=2)"],
    [`from . import b\nx = b`, ".b"],
    [`from .c import b\nx = b`, ".c.b"],
    [`if y:\n    x = 1\nelse:\n    x = 2`, "1 | 2"],
    [`x = 1\nif y:\n    x = 2`, "2 | 1"],
    [`x = 1 if y else 2`, "1 | 2"],
    [`x = 1 if True else 2`, "1"],
    [`x = "a"\nfor i in y:\n    x = "b"`, '"a" | "b"'],
    [`x = 0\nfor i in y:\n    x += 1`, "unknown"],
    [`x = "a"\nfor i in y:\n    x += "b"`, '"a…"'],
    [`x = "a"\nfor i in range(2):\n    x += "b"`, '"abb"'],
    [`try:\n    from a import x\nexcept ImportError:\n    x = None`, "a.x"],
    [
      `def f(a, b=2, *c, d=4, **e):\n    return [a, b, c, d, e]\nx = f(1, 3, 5, 6, g=7)`,
      'list[1, 3, tuple[5, 6], 4, {"g": 7}]',
    ],
    [`def f(*a, **k):\n    return g(*a, **k)\ndef g(a, b):\n    return a + b\nx = f(1, b=2)`, "3"],
    [
      `class A:\n    t = "a"\n    def f(self):\n        return self.t + self.u\n    def __init__(self, u):\n        self.u = u\nx = A("b").f()`,
      '"ab"',
    ],
    [`class A(B):\n    pass\nclass C(A):\n    pass\nx = C.z`, "class.z"],
    [`import enum\nclass E(enum.Enum):\n    A = "a"\nx = E.A.value`, '"a"'],
    [
      `from enum import Enum\nclass E(Enum):\n    A = "a"\n    B = "b"\nx = [e.name for e in E] + [E("b").name, E["A"].value]`,
      'list["A", "B", "B", "a"]',
    ],
    [`from enum import Enum\nclass E(Enum):\n    A = "a"\nx = E.A == "a"`, "false"],
    [
      `from dataclasses import dataclass\n@dataclass\nclass R:\n    a: str\n    b: str = "c"\nx = R("d").a + R("d").b`,
      '"dc"',
    ],
    [`from collections import namedtuple\nP = namedtuple("P", "a b")\np = P(1, b=2)\nx = [p.b, *p]`, "list[2, 1, 2]"],
    [
      `class A:\n    def f(self):\n        return "a"\nclass B(A):\n    def f(self):\n        return super().f() + "b"\nx = B().f()`,
      '"ab"',
    ],
    [`class A:\n    N = "n"\n    @classmethod\n    def f(cls, a):\n        return cls.N + a\nx = A.f("m")`, '"nm"'],
    [`def f():\n    x = []\n    while len(x) < 3:\n        x.append(len(x))\n    return x\nx = f()`, "list[0, 1, 2]"],
    [`for i in ["a", "b"]:\n    if i == "a":\n        break\nelse:\n    i = "c"\nx = i`, '"a"'],
    [`match "b":\n    case "a":\n        x = 1\n    case "b" | "c":\n        x = 2\n    case _:\n        x = 3`, "2"],
    [`match y:\n    case "a":\n        x = 1\n    case _:\n        x = 3`, "1 | 3"],
    [
      `a = ["b"]\ndef f(c):\n    c.append("d")\n    c[0] = "e"\n    del c[:1]\n    c.sort(reverse=True)\nf(a)\nx = a`,
      'list["d"]',
    ],
    [`a = {"b": 1, "c": 2}\na["b"] = 3\nx = list(a.items())`, 'list[tuple["b", 3], tuple["c", 2]]'],
    [`def f():\n    global x\n    x = 1\nf()`, "1"],
    [`x = 1 < 2 < 3`, "true"],
    [`x = "a" in ("a", y)`, "true"],
    [`x = y in ("a",)`, '(in unknown tuple["a"])'],
    [`x = isinstance("a", (str, bytes))`, "true"],
    [`x = (lambda a, b=1: a + b)(2)`, "3"],
    [`x = (y := 5) + y`, "10"],
  ])("%s", (text, expected) => {
    expect(show(valueOf(text))).toBe(expected);
  });
});

test.each([
  ["x = {}\nif a:\n    x = {'p': 1}\nx['q'] = 2\n", '{"q": 2} | {"p": 1, "q": 2}'],
  ["x = []\nif a:\n    x = [1]\nx.append(2)\n", "list[2] | list[1, 2]"],
  ["x = {}\nif a:\n    x = {'p': 1}\nx.update(y)\n", '{, …} | {"p": 1, …}'],
])("a container that differs by branch is changed in each form: %j", (text, expected) => {
  const options = expected.split(" | ");
  expect(show(valueOf(text)).split(" | ").sort()).toEqual(options.sort());
});

describe("what grows beyond every bound is kept as a beginning", () => {
  const doubled = (start: string, step: string): Value => valueOf(`x = ${start}\n${`${step}\n`.repeat(60)}`);

  test.each([
    ["'ab'", "x = x + x"],
    ["'ab'", "x += x"],
    ["'ab'", "x = f'{x}{x}'"],
    ["'ab'", "x = x.join([x, x])"],
    ["'aa'", "x = x.replace('a', x)"],
    ["'{0}{0}'", "x = x.format(x)"],
    ["'%s%s'", "x = x % (x, x)"],
    ["'ab'", "x = x * 100"],
  ])("%s, then %s again and again", (start, step) => {
    const value = doubled(start, step);
    if (value.kind !== "text") return expect(value.kind).toMatch(/unknown|operator/);
    expect(value.text.length).toBeLessThan(2_000_000);
    if (value.text.length > 10_000) expect(value.text.endsWith(HOLE)).toBe(true);
    expect(value.text.split(HOLE).length - 1).toBe(value.holes.length);
  });

  test.each([
    ["[1]", "x = x + x"],
    ["[1]", "x += x"],
    ["[1]", "x.extend(x)"],
    ["[1]", "x = [*x, *x]"],
    ["{'a': 1}", "x = x | x"],
    ["{'a': 1}", "x = {**x, **x}"],
  ])("%s, then %s again and again", (start, step) => {
    const value = doubled(start, step);
    if (value.kind === "sequence") expect([value.items.length <= 200_000, value.complete]).toEqual([true, false]);
    else if (value.kind === "mapping") expect(value.entries.length).toBeLessThanOrEqual(200_000);
    else expect(value.kind).toMatch(/unknown|operator/);
  });

  test("blocks and clauses deeper and longer than people write are run up to a point", () => {
    const nested = Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}if a${i}:`).join("\n");
    expect(valueOf(`x = 1\n${nested}\n${" ".repeat(1000)}pass\n`)).toMatchObject({ value: 1 });
    const clauses = Array.from({ length: 5000 }, (_, i) => `elif a == ${i}:\n    y = 1`).join("\n");
    expect(valueOf(`x = 1\nif a:\n    pass\n${clauses}\n`)).toMatchObject({ value: 1 });
  });
});
