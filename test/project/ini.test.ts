import { describe, expect, test } from "vitest";
import { iniValue, parseIni } from "../../server/src/project/ini.ts";
import { slice } from "../../server/src/text/range.ts";

const here = { here: "/srv/app" };
const value = (text: string, name = "x", section = "alembic") => {
  const found = iniValue(parseIni(text), section, name, here);
  return found === undefined ? undefined : "value" in found ? found.value : found.problem.message;
};

describe("an option", () => {
  test.each([
    ["takes = or :", "[alembic]\nx = 1\n", "1"],
    ["takes a colon", "[alembic]\nx: 1\n", "1"],
    ["ends at the first delimiter", "[alembic]\nx = a=b:c\n", "a=b:c"],
    ["is folded to lower case", "[alembic]\nX = 1\n", "1"],
    ["may be empty", "[alembic]\nx =\n", ""],
    ["goes on in deeper lines", "[alembic]\nx = a\n  b\n\tc\n", "a\nb\nc"],
    ["may begin on the next line", "[alembic]\nx =\n  a\n  b\n", "\na\nb"],
    ["keeps blank lines inside and drops them at the end", "[alembic]\nx = a\n\n  b\n\n", "a\n\nb"],
    ["skips comments inside", "[alembic]\nx = a\n  # no\n  ; no\n  b\n", "a\nb"],
    ["keeps what looks like a comment at a line's end", "[alembic]\nx = a # b ; c\n", "a # b ; c"],
    ["may be indented", "[alembic]\n  x = 1\n  y = 2\n", "1"],
    ["may contain brackets", "[alembic]\nx = [a]\n", "[a]"],
    ["is read with Windows line ends", "[alembic]\r\nx = a\r\n  b\r\n", "a\nb"],
    ["falls back to DEFAULT", "[DEFAULT]\nx = 1\n[alembic]\n", "1"],
    ["goes before DEFAULT", "[DEFAULT]\nx = 1\n[alembic]\nx = 2\n", "2"],
    ["knows %(here)s", "[alembic]\nx = %(here)s/migrations\n", "/srv/app/migrations"],
    ["refers to others in any case", "[alembic]\nDir = a\nx = %(DIR)s/b\n", "a/b"],
    ["refers to others that refer", "[alembic]\na = 1\nb = %(a)s2\nx = %(b)s3\n", "123"],
    ["writes a percent sign twice", "[alembic]\nx = %%(rev)s_%%(slug)s\n", "%(rev)s_%(slug)s"],
  ])("%s", (_name, text, expected) => {
    expect(parseIni(text).problems).toEqual([]);
    expect(value(text)).toBe(expected);
  });

  test("is absent where neither the section nor DEFAULT has it", () => {
    expect(value("[alembic]\ny = 1\n")).toBeUndefined();
    expect(value("[other]\nx = 1\n")).toBeUndefined();
  });

  test("knows where its name and value stand", () => {
    const text = "[alembic]\n  Script_Location =  a\n     b \n";
    const option = parseIni(text).sections.get("alembic")?.options.get("script_location");
    expect(option && slice(text, option.nameRange)).toBe("Script_Location");
    expect(option && slice(text, option.valueRange)).toBe("a\n     b");
  });
});

describe("a problem names line and cause", () => {
  test.each([
    ["x = 1\n", "Line 1: there is no section header such as [alembic] before this line.", "x = 1"],
    ["[a]\nx = 1\n[b]\n[a]\n", "Line 4: the section [a] is there twice.", "a"],
    ["[a]\nx = 1\nX: 2\n", 'Line 3: the option "x" is there twice in [a].', "X"],
    [
      "[a]\nwords without meaning\n",
      'Line 2: "words without meaning" is neither a section header nor an option with "=" or ":".',
      "words without meaning",
    ],
    ["[a\nx = 1\n", "Line 1: there is no section header such as [alembic] before this line.", "[a"],
    ["[a]\n= 1\n", "Line 2: an option has no name.", "= 1"],
  ])("%j", (text, message, place) => {
    const [problem] = parseIni(text).problems;
    expect(problem?.message).toBe(message);
    expect(problem && slice(text, problem.range)).toBe(place);
  });

  test.each([
    ["[alembic]\nx = 100%\n", 'Option "x" in [alembic]: a "%" that stands for itself is written "%%".'],
    ["[alembic]\nx = %(gone)s\n", 'Option "x" in [alembic]: it refers to "gone", which is not an option here.'],
    ["[alembic]\nx = %(here\n", 'Option "x" in [alembic]: "%(here" is not a reference of the form %(name)s.'],
    ["[alembic]\nx = %(x)s\n", 'Option "x" in [alembic]: its references go more than 10 levels deep.'],
  ])("%j", (text, message) => {
    expect(value(text)).toBe(message);
  });

  test("and the rest of the file is still read", () => {
    expect(value("[alembic]\nnonsense\nx = 1\n")).toBe("1");
  });
});
