/** The grammars, on what people write: by the engine that VS Code runs, with the grammars of Python and SQL that it has. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, test } from "vitest";
import oniguruma from "vscode-oniguruma";
import textmate, { type IGrammar } from "vscode-textmate";

const require = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, "../..");
const own = (name: string): string => path.join(root, "syntaxes", name);
const grammars: Readonly<Record<string, string>> = {
  "source.python": require.resolve("tm-grammars/grammars/python.json"),
  "source.sql": require.resolve("tm-grammars/grammars/sql.json"),
  "source.python.retort-sql": own("sql-in-python.json"),
  "source.alembic-ini": own("alembic-ini.json"),
};

const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));

const registry = new textmate.Registry({
  onigLib: oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)).then(() => ({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  })),
  loadGrammar: (scope) => {
    const file = grammars[scope];
    return Promise.resolve(
      file === undefined ? null : textmate.parseRawGrammar(readFileSync(file, "utf8"), `${scope}.json`),
    );
  },
  getInjections: (scope) => (scope === "source.python" ? ["source.python.retort-sql"] : undefined),
});

async function grammarOf(scope: string): Promise<IGrammar> {
  const grammar = await registry.loadGrammar(scope);
  if (grammar === null) throw new Error(`There is no grammar ${scope}`);
  return grammar;
}

interface Token {
  readonly text: string;
  readonly scopes: readonly string[];
}

async function tokens(scope: string, source: string): Promise<readonly Token[]> {
  const grammar = await grammarOf(scope);
  let state = textmate.INITIAL;
  return source.split("\n").flatMap((line) => {
    const found = grammar.tokenizeLine(line, state);
    state = found.ruleStack;
    return found.tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes }));
  });
}

/** What is shown as SQL, piece by piece, and what of it as a keyword. */
async function sqlOf(source: string): Promise<{ readonly sql: string; readonly keywords: readonly string[] }> {
  const found = (await tokens("source.python", source)).filter(({ scopes }) =>
    scopes.some((scope) => scope.startsWith("meta.embedded")),
  );
  const isKeyword = ({ scopes }: Token): boolean => scopes.some((scope) => /^keyword\.other/.test(scope));
  return {
    sql: found.map(({ text }) => text).join(""),
    keywords: found.filter(isKeyword).map(({ text }) => text.trim().toLowerCase()),
  };
}

test.each([
  [
    "a directive",
    `op.execute("UPDATE users SET name = 'x'")`,
    "UPDATE users SET name = 'x'",
    ["update", "set", "name"],
  ],
  [
    "text()",
    `conn.execute(sa.text('DELETE FROM users WHERE id = :id'), {"id": "SELECT 1"})`,
    "DELETE FROM users WHERE id = :id",
    ["delete", "from", "where"],
  ],
  [
    "a block",
    `op.execute(\n    """\n    SELECT 1\n    FROM t\n    """\n)\nname = "SELECT 2"`,
    "    SELECT 1    FROM t    ",
    ["select", "from"],
  ],
  ["a block with what SQL leaves open", `op.execute("""\nSELECT 'it\n""")\nx = "SELECT"`, "SELECT 'it", ["select"]],
  ["a block on one line", `op.execute("""DROP TABLE t""")`, "DROP TABLE t", ["drop", "table"]],
  [
    "strings that Python joins",
    `op.execute(\n    "DELETE FROM t"\n    # why\n    " WHERE a"\n)`,
    "DELETE FROM t WHERE a",
    ["delete", "from", "where"],
  ],
  ["nothing after it", `op.execute("DROP TABLE t")\nprint("SELECT 1")`, "DROP TABLE t", ["drop", "table"]],
  ["no prose", `st.text("Welcome to the table")\nst.text("selected")`, "", []],
  ["no other call", `print("UPDATE t SET a = 1")`, "", []],
  ["no comment", `# op.execute("UPDATE t SET a = 1")`, "", []],
  ["the rest of the arguments is none", `op.execute(stmt, "UPDATE t")`, "", []],
])("SQL in Python: %s", async (_, source, sql, keywords) => {
  const found = await sqlOf(source);
  expect(found.sql).toBe(sql);
  expect(found.keywords.filter((word) => !/^[=\s]*$/.test(word))).toEqual(keywords);
});

test("SQL in Python, sign by sign", async () => {
  const source = `op.execute(
    f"""
    UPDATE users -- all of them
    SET name = 'it''s', age = 42
    WHERE id = {user.id} AND note = :note
    """
)`;
  const found = await tokens("source.python", source);
  const shown = found
    .filter(({ text, scopes }) => text.trim() !== "" && scopes.some((scope) => scope.startsWith("meta.embedded")))
    .map(({ text, scopes }) => `${text.trim()} ${scopes.slice(-1).join(" ")}`);
  expect(shown).toMatchInlineSnapshot(`
    [
      "UPDATE keyword.other.DML.sql",
      "users meta.embedded.block.sql",
      "-- punctuation.definition.comment.sql",
      "all of them comment.line.double-dash.sql",
      "SET keyword.other.DML.sql",
      "name keyword.other.sql",
      "= keyword.operator.comparison.sql",
      "' punctuation.definition.string.begin.sql",
      "it string.quoted.single.sql",
      "' punctuation.definition.string.end.sql",
      "' punctuation.definition.string.begin.sql",
      "s string.quoted.single.sql",
      "' punctuation.definition.string.end.sql",
      ", age meta.embedded.block.sql",
      "= keyword.operator.comparison.sql",
      "42 constant.numeric.sql",
      "WHERE keyword.other.DML.sql",
      "id meta.embedded.block.sql",
      "= keyword.operator.comparison.sql",
      "{ constant.character.format.placeholder.other.python",
      "user meta.fstring.python",
      ". punctuation.separator.period.python",
      "id meta.attribute.python",
      "} constant.character.format.placeholder.other.python",
      "AND keyword.other.DML.sql",
      "note meta.embedded.block.sql",
      "= keyword.operator.comparison.sql",
      ":note variable.parameter.sql",
    ]
  `);
});

test("what an f-string puts into SQL is Python", async () => {
  const found = await tokens("source.python", `op.execute(f"UPDATE {table} SET a = {len(rows)} {{}}")`);
  const len = found.find(({ text }) => text === "len");
  expect(len?.scopes).toContain("meta.fstring.python");
  expect(len?.scopes.join(" ")).toMatch(/support\.function|meta\.function-call/);
  expect(found.find(({ text }) => text === "{{")?.scopes).toContain("constant.character.escape.python");
});

test.each([":name", "%(name)s", "%s"])("%s is a parameter", async (parameter) => {
  const found = await tokens("source.python", `op.execute("UPDATE t SET a = ${parameter}")`);
  expect(found.find(({ text }) => text === parameter)?.scopes).toContain("variable.parameter.sql");
});

test("alembic.ini", async () => {
  const source = `# comment
[alembic]
script_location = %(here)s/migrations
file_template = %%(rev)s_%%(slug)s
version_locations =
    %(here)s/a
    # here too

    %(here)s/b
timezone = 100% UTC
sourceless = false
sqlalchemy.url = postgresql://localhost/app
[loggers]`;
  const found = await tokens("source.alembic-ini", source);
  const shown = found
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, scopes }) => `${text.trim()} ${scopes.slice(1).join(" ").replaceAll(".alembic-ini", "")}`.trim());
  expect(shown).toMatchInlineSnapshot(`
    [
      "# comment.line punctuation.definition.comment",
      "comment comment.line",
      "[ punctuation.definition.section.begin",
      "alembic entity.name.section",
      "] punctuation.definition.section.end",
      "script_location variable.other.property",
      "= keyword.operator.assignment",
      "%( punctuation.definition.interpolation.begin",
      "here variable.parameter",
      ")s punctuation.definition.interpolation.end",
      "/migrations string.unquoted",
      "file_template variable.other.property",
      "= keyword.operator.assignment",
      "%% constant.character.escape",
      "(rev)s_ string.unquoted",
      "%% constant.character.escape",
      "(slug)s string.unquoted",
      "version_locations variable.other.property",
      "= keyword.operator.assignment",
      "%( punctuation.definition.interpolation.begin",
      "here variable.parameter",
      ")s punctuation.definition.interpolation.end",
      "/a string.unquoted",
      "# comment.line punctuation.definition.comment",
      "here too comment.line",
      "%( punctuation.definition.interpolation.begin",
      "here variable.parameter",
      ")s punctuation.definition.interpolation.end",
      "/b string.unquoted",
      "timezone variable.other.property",
      "= keyword.operator.assignment",
      "100 string.unquoted",
      "% invalid.illegal",
      "UTC string.unquoted",
      "sourceless variable.other.property",
      "= keyword.operator.assignment",
      "false constant.language.boolean",
      "sqlalchemy.url variable.other.property",
      "= keyword.operator.assignment",
      "postgresql:// markup.underline.link",
      "localhost/app string.unquoted",
      "[ punctuation.definition.section.begin",
      "loggers entity.name.section",
      "] punctuation.definition.section.end",
    ]
  `);
});
