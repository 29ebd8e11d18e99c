/** The part of Mako's syntax that templates of revision files are written in, as a tree. */

export type MakoNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "expression"; readonly code: string; readonly filters: readonly string[] }
  /** Python between `<%` and `%>`, with its common indentation taken off. */
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "for"; readonly head: string; readonly body: readonly MakoNode[] }
  | { readonly kind: "if"; readonly arms: readonly MakoArm[] };

/** Without a test: `% else:`. */
export interface MakoArm {
  readonly test?: string;
  readonly body: readonly MakoNode[];
}

export type MakoReading = { readonly nodes: readonly MakoNode[] } | { readonly cause: string };

/** Never throws. What is not followed (tags, other control words) is a cause; the end of a sentence. */
export function parseMako(text: string): MakoReading {
  try {
    return { nodes: new Reader(text).read() };
  } catch (error) {
    if (error instanceof NotFollowed) return { cause: error.message };
    throw error;
  }
}

class NotFollowed extends Error {}

interface Open {
  readonly keyword: "for" | "if";
  readonly head: string;
  readonly arms: { test?: string; body: MakoNode[] }[];
}

class Reader {
  readonly #text: string;
  #at = 0;
  readonly #top: MakoNode[] = [];
  readonly #open: Open[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): readonly MakoNode[] {
    while (this.#at < this.#text.length) {
      if (this.#expression() || this.#line() || this.#block()) continue;
      this.#plain();
    }
    const [open] = this.#open;
    if (open) throw new NotFollowed(`"% ${open.keyword}" has no end`);
    return this.#top;
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at += found[0].length;
    return found;
  }

  #add(node: MakoNode): void {
    const body = this.#open.at(-1)?.arms.at(-1)?.body ?? this.#top;
    body.push(node);
  }

  #expression(): boolean {
    if (!this.#text.startsWith("${", this.#at)) return false;
    const start = this.#at + 2;
    const bar = endOfPython(this.#text, start, "|}");
    const end = this.#text[bar] === "|" ? this.#text.indexOf("}", bar) : bar;
    if (end === -1 || bar >= this.#text.length) throw new NotFollowed('"${" has no end');
    const filters = this.#text.slice(bar + 1, end).split(",");
    this.#at = end + 1;
    this.#add({
      kind: "expression",
      code: this.#text.slice(start, bar).trim(),
      filters: filters.map((name) => name.trim()).filter((name) => name !== ""),
    });
    return true;
  }

  /** A line that begins with `%` or `##`; it leaves nothing behind. */
  #line(): boolean {
    if (!this.#isAtLineStart()) return false;
    const line = this.#take(/[\t ]*(%(?!%)|##)[\t ]*((?:\\\r?\n|[^\r\n])*)(?:\r?\n|$)/y);
    if (line === undefined) return false;
    if (line[1] === "%") this.#control((line[2] ?? "").trim());
    return true;
  }

  #control(line: string): void {
    const [, end, keyword = ""] = /^(end)?(\w+)/.exec(line) ?? [];
    const open = this.#open.at(-1);
    if (end !== undefined) {
      if (open?.keyword !== keyword) throw new NotFollowed(`"% ${line}" ends nothing`);
      this.#open.pop();
      this.#add(closed(open));
    } else if (keyword === "for" || keyword === "if") {
      const head = line.replace(/\s*:\s*(?:#.*)?$/, "");
      this.#open.push({ keyword, head, arms: [{ ...(keyword === "if" ? { test: head.slice(2) } : {}), body: [] }] });
    } else if ((keyword === "elif" || keyword === "else") && open?.keyword === "if") {
      const test = line.replace(/\s*:\s*(?:#.*)?$/, "").slice(4);
      open.arms.push({ ...(keyword === "elif" ? { test } : {}), body: [] });
    } else throw new NotFollowed(`"% ${keyword}" is not followed`);
  }

  #block(): boolean {
    if (this.#take(/<%doc>[^]*?<\/%doc>/y)) return true;
    if (!this.#text.startsWith("<%", this.#at) && !this.#text.startsWith("</%", this.#at)) return false;
    const code = this.#take(/<%(?:!|(?![\w.:]))([^]*?)%>/y);
    if (code === undefined)
      throw new NotFollowed(`the tag "${this.#text.slice(this.#at, this.#at + 20)}" is not followed`);
    this.#add({ kind: "code", code: dedent(code[1] ?? "") });
    return true;
  }

  #plain(): void {
    const percent = this.#isAtLineStart() ? this.#take(/([\t ]*)%(%+)/y) : undefined;
    if (percent) this.#add({ kind: "text", text: (percent[1] ?? "") + (percent[2] ?? "") });
    const found = this.#take(/([^]*?)(?:(?<=\n)(?=[ \t]*(?:%|##))|(?=\$\{)|(?=<\/?%)|\\\r?\n|$)/y);
    if (found?.[1]) this.#add({ kind: "text", text: found[1] });
    else if (!percent && (found?.[0] ?? "") === "") this.#add({ kind: "text", text: this.#text.charAt(this.#at++) });
  }

  #isAtLineStart(): boolean {
    return this.#at === 0 || this.#text[this.#at - 1] === "\n";
  }
}

const closed = ({ keyword, head, arms }: Open): MakoNode =>
  keyword === "if" ? { kind: "if", arms } : { kind: "for", head, body: arms[0]?.body ?? [] };

const brackets: Readonly<Record<string, number>> = { "(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1 };

/** Where one of the characters stands outside of strings and brackets; the text's length where none does. */
function endOfPython(text: string, start: number, ends: string): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at);
    if (depth === 0 && ends.includes(character)) return at;
    depth += brackets[character] ?? 0;
    if (character === '"' || character === "'") at = endOfString(text, at) - 1;
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  const quote = text.charAt(start);
  const mark = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let at = start + mark.length; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(mark, at)) return at + mark.length;
  }
  return text.length;
}

/** By the first line that is not blank, as Mako does it. */
function dedent(code: string): string {
  const margin = /^[ \t]*(?=\S)/m.exec(code)?.[0] ?? "";
  return code
    .split(/\r?\n/)
    .map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line.trimStart()))
    .join("\n");
}
