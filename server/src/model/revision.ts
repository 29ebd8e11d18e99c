/**
 * A revision file as values. Everything that rules and refactorings may know of Python is here, so that they never
 * see a syntax tree: which statements there are, what names they bind and use, and what each does to the database.
 */
import type { Range } from "../text/range.ts";
import type { Action, Dialect, QualifiedName } from "../sql/action.ts";
import type { CatalogTest } from "./catalog-test.ts";

/**
 * - `certain`: read in full. `likely`: the kind and the table are known, a part (a value, a column list) is not.
 * - `opaque`: the statement touches, or may touch, the database in a way that the reader cannot tell.
 */
export type Confidence = "certain" | "likely" | "opaque";

/** expand: additive schema. backfill: data. contract: schema that takes away or restricts. */
export type Phase = "expand" | "backfill" | "contract";

/** Whether there is a table, or a column of one. */
export interface Question {
  readonly table: QualifiedName;
  readonly column?: string;
}

/** Under what an operation runs, outermost first. */
export type Context = (
  | {
      readonly kind: "branch";
      readonly on: "dialect" | "offline" | "existence" | "other";
      readonly dialects?: readonly string[];
      readonly negated?: boolean;
      /** Of `existence`: all that the whole test asks about the schema; absent where it asks something else as well. */
      readonly asks?: readonly Question[];
      /** The test also asks for offline mode, beside what `on` says: whether what is under it runs there. */
      readonly runsOffline?: boolean;
      /** Of `existence`: what it asks of the catalogue, as far as that is told, and what must be answered for this to run. */
      readonly catalog?: { readonly test: CatalogTest; readonly answer: boolean };
    }
  | {
      readonly kind: "loop";
      readonly over: "constant" | "query" | "endless" | "other";
      /** Of `query`: the tables whose rows it goes over, one by one; absent where that is not known. */
      readonly rowsOf?: readonly QualifiedName[];
    }
  | { readonly kind: "autocommit" }
  | { readonly kind: "batch" }
  | { readonly kind: "try" }
) & {
  readonly range: Range;
  /** The file that it is written in, where that is another one: then `range` is of the call that leads there. */
  readonly path?: string;
};

/**
 * A value that is not a constant and becomes part of a SQL text.
 * `rows`: read from the database; `environment`: from outside the program; `other`: whatever else, or not known.
 */
export interface Interpolation {
  readonly by: "f-string" | "percent" | "format" | "concatenation" | "other";
  readonly from: "rows" | "environment" | "other";
}

/** A model that is queried, or a function that is handed a connection, neither of them in this file. */
export interface ForeignCode {
  /** As it is imported: `app.models.User`; of a class that was read its own name. */
  readonly name: string;
  /** The file of the project that defines it, where that was found. */
  readonly path?: string;
}

/** How an operation gets to the server, and what its text is worth there. Each is present only where it is so. */
export interface Handing {
  /** What it is run by, where that is known; absent for directives of Alembic. */
  readonly runner?: "op" | "connection" | "session" | "inspector";
  /** The expression that gives a plain string where SQLAlchemy 2 wants a construct. */
  readonly bareString?: Range;
  readonly interpolated?: readonly Interpolation[];
  /** Why the grammar of the project's dialect does not take the SQL, and the dialect whose grammar does. */
  readonly refusal?: { readonly why: string; readonly speaks?: Dialect };
  /** Code of the application that it goes through. */
  readonly application?: ForeignCode;
  /** `select`: its rows are read into memory, all of them. */
  readonly fetched?: true;
  /** `insert`, `update`, `delete`: something is asked of what it gives back, as the rows of RETURNING. */
  readonly answered?: true;
}

/** One thing that a revision does to the database, in the order of execution. */
export interface Operation extends Action, Handing {
  /** The whole call or SQL statement, in the file. */
  readonly range: Range;
  /** What to underline: the name of the directive, or the SQL's first line. */
  readonly nameRange: Range;
  readonly via: "directive" | "batch" | "sql" | "core" | "orm" | "python";
  /** The SQL as written in the file, where it is SQL; unknown parts as `…`. */
  readonly sql?: string;
  readonly confidence: Confidence;
  /** Why it is not `certain`, in words. */
  readonly why?: string;
  readonly context: readonly Context[];
  /** Index into `Direction.statements` of the statement of the function's own body that leads here. */
  readonly statement: number;
  /** Calls of helper functions from that statement to here, outermost first; empty where written in place. */
  readonly calls: readonly HelperCall[];
  readonly phase?: Phase;
  /**
   * It runs over a connection that the revision has opened itself, in another transaction than Alembic's; or over the
   * driver's own object (`op.get_bind().connection`), past SQLAlchemy.
   */
  readonly ownConnection?: true;
  /** It goes to a database whose URL stands in the revision (`create_engine("…")`): not the one that Alembic migrates. */
  readonly otherDatabase?: true;
}

export interface HelperCall {
  readonly helper: string;
  /** The call; within a helper of another file, the call in this file that led there. */
  readonly range: Range;
  /**
   * The file that defines the helper, where it is another one. What runs there has its place at the call in this file: it
   * can be moved with the call, and cannot be edited.
   */
  readonly path?: string;
}

/**
 * What a statement of Python does apart from its operations.
 * - `pure`: may be repeated in another part with the same result (`conn = op.get_bind()`, `users = sa.table(…)`,
 *   constants, a session made from a bind, dialect names);
 * - `state`: its result depends on the database or on the moment (`rows = conn.execute(…)`, an inspector, `t = op.create_table(…)`);
 * - `effect`: bound names aside, it is run for what it does (operations, `print`, `session.commit()`).
 */
export type Purity = "pure" | "state" | "effect";

/** A statement of the body of `upgrade()`, `downgrade()`, or of a compound statement in it. */
export interface Statement {
  /** The statement itself, from its first to its last character (a trailing comment on its last line not included). */
  readonly range: Range;
  /**
   * Whole lines: comments directly above (with blank lines between them and it), the statement, a trailing comment, and
   * the line end. Ranges of neighbours touch and together cover the body, so a body is the sum of its statements.
   * Where several statements share a line (`a; b`), `shared` is true and they cannot be moved apart.
   */
  readonly lines: Range;
  readonly shared: boolean;
  readonly kind:
    | "expression"
    | "assignment"
    | "if"
    | "for"
    | "while"
    | "with"
    | "try"
    | "return"
    | "raise"
    | "pass"
    | "import"
    | "def"
    | "class"
    | "docstring"
    | "other";
  /** Local and module names that it binds, and that it uses (free names; attributes and keywords are not names). */
  readonly binds: readonly string[];
  readonly uses: readonly string[];
  readonly purity: Purity;
  /** Indexes into `Direction.operations`, those in helpers it calls included. */
  readonly operations: readonly number[];
  /** For a compound statement: what it tests or loops over, and its blocks. */
  readonly compound?: Compound;
}

export interface Compound {
  /** The first line(s) up to and including the colon. */
  readonly head: Range;
  readonly context?: Context;
  /**
   * Of a `with`, that opens more than batch and autocommit blocks. True: context managers of the project, which ask for
   * nothing but the dialect and offline mode; what they do around the block is among the operations of the statement.
   */
  readonly managed?: boolean;
  readonly blocks: readonly { readonly head: Range; readonly statements: readonly Statement[] }[];
}

/** - `absent`: no such function. `pass`: pass, `...` or a docstring only. `raise`: only a raise. `body`: anything else. */
export type Form = "absent" | "pass" | "raise" | "body";

export interface Direction {
  readonly name: "upgrade" | "downgrade";
  /** The engine of a multi-database revision: of `upgrade_engine1()`, "engine1". */
  readonly engine?: string;
  readonly form: Form;
  /** `def upgrade() -> None:` up to the colon; the name in it; the body's lines. Absent where the form is `absent`. */
  readonly head?: Range;
  readonly nameRange?: Range;
  readonly body?: Range;
  readonly indent: string;
  readonly statements: readonly Statement[];
  /** In the order of execution, as far as text tells. */
  readonly operations: readonly Operation[];
  /** What a person wrote there to be read: a docstring, comments; not what Alembic's template and this program put there. */
  readonly remarks?: readonly string[];
  /** There was too much code to be followed to its end: some operations are missing. */
  readonly unfinished?: true;
}

/** One top-level statement of the file. */
export interface ModuleItem {
  /** As in `Statement`: `lines` of neighbours touch and together cover the file. */
  readonly range: Range;
  readonly lines: Range;
  readonly kind: "docstring" | "import" | "constant" | "identifier" | "function" | "class" | "main-guard" | "other";
  readonly binds: readonly string[];
  readonly uses: readonly string[];
  /** An import that may be there for its side effect: `# noqa`, `import x  # isort: skip`, star imports. */
  readonly keep: boolean;
  /** For an import: each name with its own range, so that one name of several can be left out. */
  readonly imported?: readonly { readonly name: string; readonly range: Range; readonly text: string }[];
}

/** A variable such as `down_revision`, with the places of its value. */
export interface Identifier<T> {
  readonly value: T;
  /** The value expression; replaced when it changes. */
  readonly range: Range;
  /** The whole statement. */
  readonly statement: Range;
}

export interface Identifiers {
  readonly revision?: Identifier<string>;
  /** Empty: a base. Several: a merge. */
  readonly downRevision?: Identifier<readonly string[]>;
  readonly branchLabels?: Identifier<readonly string[]>;
  readonly dependsOn?: Identifier<readonly string[]>;
}

/** The docstring that Alembic's template writes. Ranges are of the value after the colon, in the file. */
export interface Header {
  readonly range: Range;
  /** The first line: the message. */
  readonly message: { readonly value: string; readonly range: Range };
  readonly revisionId?: { readonly value: string; readonly range: Range };
  readonly revises?: { readonly value: string; readonly range: Range };
  readonly createDate?: { readonly value: string; readonly range: Range };
}

export interface Problem {
  readonly code: "syntax" | "no-revision" | "computed-revision" | "unreadable" | "too-large" | "encoding";
  readonly message: string;
  readonly range: Range;
}

/** A comment `# retort: …`, see `rules/suppression.ts`. */
export interface Remark {
  readonly range: Range;
  readonly text: string;
  /** The statement on whose lines it stands, or that follows it; absent after the last one of a block. */
  readonly about?: Range;
}

export interface RevisionFile {
  readonly path: string;
  readonly text: string;
  /** False for a file without a `revision` variable: a helper module beside the revisions. */
  readonly isRevision: boolean;
  readonly identifiers: Identifiers;
  readonly header?: Header;
  readonly comments: readonly Remark[];
  readonly module: readonly ModuleItem[];
  /** One each, or one per engine for multi-database files. Never empty. */
  readonly upgrades: readonly Direction[];
  readonly downgrades: readonly Direction[];
  /**
   * The upgrades for one look, for who goes through thousands of files in one go: nothing of them then stays in memory.
   * Absent where they are in memory anyway.
   */
  readonly upgradesOnce?: () => readonly Direction[];
  /** Names that the file uses for `alembic.op` and `sqlalchemy`, where it imports them. */
  readonly aliases: { readonly op?: string; readonly sa?: string };
  readonly problems: readonly Problem[];
  /**
   * Blocks that are being typed and no Python now. What is said of them is of when they last were, at the places where
   * that stands now: good to show, never to edit by. Absent where the file is read as it is.
   */
  readonly stale?: readonly Range[];
  /** Statements that touch the database, and how many of them are not opaque. */
  readonly statements: { readonly total: number; readonly analysed: number };
  /** Names of modules of the project that the reading asked for, found or not: where one of them changes, it may be another. */
  readonly modules?: readonly string[];
  readonly newline: "\n" | "\r\n";
}
