import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPlain } from "../../server/src/syntax/plain/index.ts";
import { parseByGrammar } from "../../server/src/syntax/source.ts";

/** Each is plain, all of it. */
const plain = {
  "identifiers of Alembic's template": `"""create users

Revision ID: abc
"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision: str = "abc"
down_revision: Union[str, Sequence[str], None] = None
branch_labels: str | Sequence[str] | None = None
depends_on: Sequence[str] | None = ("a", "b")
x: typing.Optional[int]
`,
  "comments at the end of blocks": `def f():
    if a:
        b  # beside
        # in the inner block

        # too
    # between
    else:
        c
    # ### end Alembic commands ###


# of the module
def g():
    pass  # beside

    # below
`,
  "imports of all kinds": `import a, b.c as d
from a.b import c, d as e
from . import x
from .a.b import (b, c as d,)
from .. import *
from __future__ import annotations
`,
  assignments: `x = a, b
x = a,
a, b = c
(a, b) = [c, d] = e
a.b, c[0] = d
a = b = c
x += 1, 2
x //= y
a.b: "str" = 1
type = 3
`,
  calls: `f(*a, **b, c=1)
f(x for x in y if z)
f(
    a,  # why
    b=[1, 2.5, -x ** -y],
)(c)[1:2, ::3].d
print("x", file=y)
op.create_table("t", sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id"))
`,
  strings: `"" 'a' f"a{b}c{d!r:>3}{{e}}{ g.h(1) }"
"""a
"b" \\""" """
r"\\d" b'x' u"\\n"
f"\\t{x}"
f""
`,
  operators: `a if b else c if d else lambda x, *y, z=1: w
not a == b and c or d
a < b <= c != d is not e not in f in g is h
a + b - c * d / e // f % g @ h ** i | j ^ k & l << m >> n
~-+a
await x.y()
(yield_, ...)
`,
  collections: `[x for x in y if z if w for a, (b, c) in d.e]
{a: b for a in c}
{a for a in c}
{a: 1, **b}
{a, b}
{}; 
`.replace("; ", ""),
  compounds: `@a.b(c)
@d
async def f(a, b: int = 1, *args: int, c=2, **kw) -> Union[str, None]:
    with a.b() as (c, d), e:
        return
    async with x:
        return 1, 2
    try:
        raise A("x") from b
    except (A, B) as e:
        raise
    except A:
        yield a, b
    except:
        x = 1
    else:
        assert a, "b"
    finally:
        del a, b
    for a, b in c, d:
        continue
    else:
        break
    while a: pass
    if x := f(): global a
    elif y:
        yield from b
    def g(*, a, /, b): ...
class A(B, metaclass=C):
    """doc"""
    class D: pass
`,
};

const asRead = (text: string): unknown => {
  const { statements, comments, errors } = parseByGrammar(text);
  return { statements, comments, errors };
};

describe("plain Python", () => {
  test.each(Object.entries(plain))("%s: the grammar makes the same of it", (_, text) => {
    expect(readPlain(text)).toBeDefined();
    expect({ ...readPlain(text), errors: [] }).toEqual(asRead(text));
  });

  test.each(Object.entries(plain))("%s: with line ends of Windows too", (_, given) => {
    const text = given.replaceAll("\n", "\r\n");
    expect(readPlain(text)).toBeDefined();
    expect({ ...readPlain(text), errors: [] }).toEqual(asRead(text));
  });

  test.each([
    ["a string that does not end", 'x = "a\n'],
    ["a return outside a function", "if a:\n    return\n"],
    ["an indentation that fits nothing", "if a:\n        b\n    c\n"],
    ["a block that is empty", "def f():\n\nx = 1\n"],
    ["an expression that goes on in the next line", "x =\ny()\n"],
    ["a letter beyond ASCII in a name", "é = 1\n"],
    ["indentation by tabs", "if a:\n\tb\n"],
    ["a carriage return alone", "a = 1\rb = 2\n"],
    ["brackets nested beyond what people write", `x = ${"(".repeat(5_000)}1${")".repeat(5_000)}\n`],
  ])("%s is left to the grammar", (_, text) => {
    expect(readPlain(text)).toBeUndefined();
  });

  test("a text that is changed anywhere is read as the grammar reads it, or left to it", () => {
    const bits = [
      ..."()[]{}:,'\"=\n #\\.*f\t@é1x|-+;%",
      "    ",
      "if ",
      " else ",
      " for ",
      "in ",
      "not ",
      "lambda: ",
    ].concat(
      ["return ", "await ", "async ", "yield ", "print ", "type ", "match ", " as ", "with ", "def ", "class ", '"""'],
      [":=", "**", "\r\n", "None", "except", "else:\n", "not in", "is not", "global ", "from ", "import ", "..."],
    );
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      without: fc.constantFrom(0, 0, 1, 2),
      bit: fc.constantFrom("", ...bits),
    });
    let read = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(plain)),
        fc.array(change, { minLength: 1, maxLength: 2 }),
        (given, changes) => {
          const text = changes.reduce((before, { at, without, bit }) => {
            const place = Math.floor(at * before.length);
            return before.slice(0, place) + bit + before.slice(place + without);
          }, given);
          const found = readPlain(text);
          if (!found) return;
          read++;
          expect({ ...found, errors: [] }).toEqual(asRead(text));
        },
      ),
      { numRuns: 3_000, seed: 1 },
    );
    expect(read).toBeGreaterThan(200);
  });
});
