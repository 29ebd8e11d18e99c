import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutBlocks } from "../../server/src/syntax/blocks.ts";

const cut = (text: string, column = 0): readonly string[] =>
  cutBlocks(text, { start: 0, end: text.length }, { column }).map(({ start, end }) => text.slice(start, end));

describe("blocks", () => {
  test("begin at statements in column 0", () => {
    expect(cut("a = 1\ndef f():\n    b()\n\n    c()\n# above d\nd()\n")).toEqual([
      "a = 1\n",
      "def f():\n    b()\n\n    c()\n# above d\n",
      "d()\n",
    ]);
  });

  test("keep what belongs together", () => {
    expect(cut("if a:\n    b\nelif c:\n    d\nelse:\n    e\ntry:\n    f\nfinally:\n    g\n")).toEqual([
      "if a:\n    b\nelif c:\n    d\nelse:\n    e\n",
      "try:\n    f\nfinally:\n    g\n",
    ]);
    expect(cut("@a\n@b\ndef f():\n    pass\n")).toEqual(["@a\n@b\ndef f():\n    pass\n"]);
  });

  test("leave brackets and strings whole", () => {
    const text = 'a = (\n1,\n2\n)\nb = """\nUPDATE t\nSET x = 1\n"""\nc = \'it\\\'s\'  # don\'t\nd = [\n  "(",\n]\n';
    expect(cut(text)).toEqual([
      "a = (\n1,\n2\n)\n",
      'b = """\nUPDATE t\nSET x = 1\n"""\n',
      "c = 'it\\'s'  # don't\n",
      'd = [\n  "(",\n]\n',
    ]);
  });

  test("a bracket that never closes ends at the next statement", () => {
    expect(cut('def up():\n    op.add_column("users",\n\ndef down():\n    pass\n')).toEqual([
      'def up():\n    op.add_column("users",\n\n',
      "def down():\n    pass\n",
    ]);
    expect(cut("a = [1,\nb = 2\nc = 3\n")).toEqual(["a = [1,\n", "b = 2\n", "c = 3\n"]);
  });

  test("a triple-quoted string that never closes ends at the next definition", () => {
    expect(cut('def up():\n    op.execute("""UPDATE\n\ndef down():\n    """Doc."""\n    pass\n')).toEqual([
      'def up():\n    op.execute("""UPDATE\n\n',
      'def down():\n    """Doc."""\n    pass\n',
    ]);
  });

  test("a quote that never closes ends with its line", () => {
    expect(cut("a = 'x\nb = 1\n")).toEqual(["a = 'x\n", "b = 1\n"]);
  });

  test("begin at deeper columns where asked", () => {
    expect(cut("    a(\n    b()\n    c()\n", 4)).toEqual(["    a(\n", "    b()\n", "    c()\n"]);
    expect(cut("\ta()\n\tif b:\n\t\tc()\n", 8)).toEqual(["\ta()\n", "\tif b:\n\t\tc()\n"]);
  });

  test("cover any text", () => {
    const texts = fc.array(
      fc.constantFrom(
        "(",
        ")",
        "[",
        "}",
        '"""',
        "'",
        '"',
        "\\",
        "\n",
        "\r\n",
        "\r",
        "def f():",
        "    ",
        "@a",
        "x",
        "#",
        "else:",
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(texts, fc.constantFrom(0, 4), (parts, column) => {
        const text = parts.join("");
        expect(cut(text, column).join("")).toBe(text);
      }),
      { numRuns: 200 },
    );
  });
});
