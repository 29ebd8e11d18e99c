/**
 * `alembic.ini` by the rules of Python's `configparser.ConfigParser` (strict, basic interpolation, comments with `#`
 * and `;` on lines of their own), with the place of every option. Where Python raises there is a problem instead, and
 * what could be read is kept.
 */
import { range, type Range } from "../text/range.ts";

export interface IniProblem {
  /** Names the line and the cause. */
  readonly message: string;
  readonly range: Range;
}

export interface IniOption {
  /** In lower case, as ConfigParser folds it. */
  readonly name: string;
  readonly nameRange: Range;
  /** Lines joined by "\n", not yet interpolated. */
  readonly raw: string;
  /** Where each line of `raw` begins in the file. */
  readonly lineStarts: readonly number[];
  /** From the first to the last character of the value; empty at the line's end where there is none. */
  readonly valueRange: Range;
}

export interface IniSection {
  readonly name: string;
  readonly nameRange: Range;
  readonly options: ReadonlyMap<string, IniOption>;
}

export interface Ini {
  /** Without `[DEFAULT]`, in the order of the file. */
  readonly sections: ReadonlyMap<string, IniSection>;
  readonly defaults: ReadonlyMap<string, IniOption>;
  readonly problems: readonly IniProblem[];
}

interface OpenSection {
  readonly name: string;
  readonly nameRange: Range;
  readonly options: Map<string, IniOption>;
}

interface OpenOption extends Pick<IniOption, "name" | "nameRange"> {
  readonly lines: { readonly text: string; readonly start: number }[];
  readonly start: number;
  end: number;
}

interface Line {
  readonly number: number;
  readonly start: number;
  readonly text: string;
}

/** Reads the text; never throws. */
export function parseIni(text: string): Ini {
  const reader = new Reader();
  for (const line of linesOf(text)) reader.line(line);
  reader.endOption();
  return reader;
}

function* linesOf(text: string): Generator<Line> {
  let number = 1;
  let start = 0;
  for (const end of text.matchAll(/\r\n|\r|\n|$/g)) {
    yield { number, start, text: text.slice(start, end.index) };
    number += 1;
    start = end.index + end[0].length;
  }
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

class Reader implements Ini {
  readonly sections = new Map<string, OpenSection>();
  readonly defaults = new Map<string, IniOption>();
  readonly problems: IniProblem[] = [];
  #section: OpenSection | undefined;
  #option: OpenOption | undefined;
  #indent = 0;

  line(line: Line): void {
    const value = line.text.trim();
    if (value.startsWith("#") || value.startsWith(";")) return;
    if (value === "") {
      this.#option?.lines.push({ text: "", start: line.start });
      return;
    }
    const indent = indentOf(line.text);
    if (this.#option !== undefined && indent > this.#indent) {
      this.#option.lines.push({ text: value, start: line.start + indent });
      this.#option.end = line.start + indent + value.length;
      return;
    }
    this.#indent = indent;
    const header = /^\[(.+)\]/s.exec(value);
    if (header !== null) this.#openSection(header[1] ?? "", line);
    else this.#openOption(value, line);
  }

  endOption(): void {
    const option = this.#option;
    this.#option = undefined;
    if (option === undefined || this.#section === undefined) return;
    this.#section.options.set(option.name, {
      name: option.name,
      nameRange: option.nameRange,
      raw: option.lines
        .map(({ text }) => text)
        .join("\n")
        .trimEnd(),
      lineStarts: option.lines.map(({ start }) => start),
      valueRange: range(option.start, option.end),
    });
  }

  #openSection(name: string, line: Line): void {
    this.endOption();
    const start = line.start + indentOf(line.text) + 1;
    const nameRange = range(start, start + name.length);
    if (name === "DEFAULT") {
      this.#section = { name, nameRange, options: this.defaults };
      return;
    }
    const earlier = this.sections.get(name);
    if (earlier !== undefined) this.#problem(line, `the section [${name}] is there twice`, nameRange);
    this.#section = earlier ?? { name, nameRange, options: new Map() };
    this.sections.set(name, this.#section);
  }

  #openOption(value: string, line: Line): void {
    this.endOption();
    const start = line.start + indentOf(line.text);
    const whole = range(start, start + value.length);
    if (this.#section === undefined) {
      // One is enough: the lines below it lack the same header.
      if (this.problems.length === 0)
        this.#problem(line, "there is no section header such as [alembic] before this line", whole);
      return;
    }
    const match = /^(.*?)\s*(?:=|:)\s*(.*)$/s.exec(value);
    if (match === null) {
      this.#problem(line, `"${shorten(value)}" is neither a section header nor an option with "=" or ":"`, whole);
      return;
    }
    const written = (match[1] ?? "").trimEnd();
    const optionValue = (match[2] ?? "").trim();
    const nameRange = range(start, start + written.length);
    if (written === "") this.#problem(line, "an option has no name", whole);
    const name = written.toLowerCase();
    if (this.#section.options.has(name)) {
      this.#problem(line, `the option "${name}" is there twice in [${this.#section.name}]`, nameRange);
    }
    const valueStart = whole.end - optionValue.length;
    this.#option = {
      name,
      nameRange,
      lines: [{ text: optionValue, start: valueStart }],
      start: valueStart,
      end: whole.end,
    };
  }

  #problem(line: Line, cause: string, where: Range): void {
    this.problems.push({ message: `Line ${line.number}: ${cause}.`, range: where });
  }
}

/** Where a stretch of `raw` without line breaks stands in the file. */
export function placeInOption({ raw, lineStarts }: IniOption, start: number, length: number): Range {
  const above = raw.slice(0, start).split("\n");
  const at = (lineStarts[above.length - 1] ?? 0) + (above.at(-1) ?? "").length;
  return range(at, at + length);
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);

export type IniValue = { readonly value: string; readonly option: IniOption } | { readonly problem: IniProblem };

/**
 * An option of a section with its interpolation done, or what is wrong with it; undefined where neither the section
 * nor `[DEFAULT]` has it. `given` are values that the file can refer to without defining them: `here`.
 */
export function iniValue(
  ini: Ini,
  section: string,
  name: string,
  given: Readonly<Record<string, string>>,
): IniValue | undefined {
  const options = ini.sections.get(section)?.options;
  if (options === undefined) return undefined;
  const option = options.get(name) ?? ini.defaults.get(name);
  if (option === undefined) return undefined;
  const lookUp = (key: string): string | undefined =>
    options.get(key)?.raw ?? ini.defaults.get(key)?.raw ?? (Object.hasOwn(given, key) ? given[key] : undefined);
  const result = interpolate(option.raw, lookUp, 1);
  return "value" in result
    ? { value: result.value, option }
    : { problem: { message: `Option "${name}" in [${section}]: ${result.cause}.`, range: option.valueRange } };
}

const maximumDepth = 10;

function interpolate(
  raw: string,
  lookUp: (key: string) => string | undefined,
  depth: number,
): { value: string } | { cause: string } {
  if (depth > maximumDepth) return { cause: `its references go more than ${maximumDepth} levels deep` };
  let value = "";
  let rest = raw;
  for (let percent = rest.indexOf("%"); percent !== -1; percent = rest.indexOf("%")) {
    value += rest.slice(0, percent);
    rest = rest.slice(percent);
    const reference = /^%\(([^)]+)\)s/.exec(rest);
    if (rest.startsWith("%%")) {
      value += "%";
      rest = rest.slice(2);
    } else if (reference !== null) {
      const key = (reference[1] ?? "").toLowerCase();
      const found = lookUp(key);
      if (found === undefined) return { cause: `it refers to "${key}", which is not an option here` };
      const inner = found.includes("%") ? interpolate(found, lookUp, depth + 1) : { value: found };
      if ("cause" in inner) return inner;
      value += inner.value;
      rest = rest.slice(reference[0].length);
    } else if (rest.startsWith("%(")) {
      return { cause: `"${shorten(rest)}" is not a reference of the form %(name)s` };
    } else {
      return { cause: `a "%" that stands for itself is written "%%"` };
    }
  }
  return { value: value + rest };
}
