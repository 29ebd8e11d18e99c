/**
 * The layers of the engine: what each is for, what it does not know about, and which layers it may import.
 * Lint reads this table, a test walks the imports against it, and `docs/architecture.md` is held to it.
 */
export interface Layer {
  readonly purpose: string;
  /** One thing that this layer must stay ignorant of. */
  readonly ignorantOf: string;
  readonly mayImport: readonly LayerName[];
  /** Edge layers do I/O; all others are pure: no `node:*`, no `vscode`, no LSP package. */
  readonly edge?: true;
}

export type LayerName =
  | "text"
  | "syntax"
  | "sql"
  | "model"
  | "history"
  | "schema"
  | "locks"
  | "project"
  | "rewrite"
  | "facts"
  | "settings"
  | "rules"
  | "refactorings"
  | "features"
  | "protocol"
  | "host"
  | "database"
  | "lsp"
  | "cli"
  | "rehearsal";

const analysis = [
  "text",
  "sql",
  "model",
  "history",
  "schema",
  "locks",
  "project",
  "rewrite",
  "facts",
  "settings",
] as const;
const everything = [...analysis, "syntax", "rules", "refactorings", "features", "protocol"] as const;

export const layers: Record<LayerName, Layer> = {
  text: {
    purpose: "Offsets, ranges, line index, edits and their composition; TOML with places.",
    ignorantOf: "Python, SQL and Alembic",
    mayImport: [],
  },
  syntax: {
    purpose: "Python source as blocks cut at column 0, syntax trees and constant values.",
    ignorantOf: "Alembic, SQLAlchemy and SQL",
    mayImport: ["text"],
  },
  sql: {
    purpose: "SQL text as actions on tables and columns, per dialect.",
    ignorantOf: "Python, and where the text came from",
    mayImport: ["text"],
  },
  model: {
    purpose: "A revision file as values: identifiers, header, statements and operations.",
    ignorantOf: "other revision files, projects and settings",
    mayImport: ["text", "syntax", "sql"],
  },
  history: {
    purpose: "The directed graph of revisions, with Alembic's own semantics and errors.",
    ignorantOf: "what is inside upgrade() and downgrade()",
    mayImport: ["text", "model"],
  },
  schema: {
    purpose: "What operations amount to: which tables are new, scratch or live, and what happens to them.",
    ignorantOf: "files, settings and servers",
    mayImport: ["text", "sql", "model", "history"],
  },
  locks: {
    purpose: "What an operation does to a running server, by dialect and version.",
    ignorantOf: "where the operation was written",
    mayImport: ["text", "sql", "model", "schema"],
  },
  project: {
    purpose: "Where the Alembic projects are, how they are configured, and snapshots of them.",
    ignorantOf: "rules, editors and the file system itself (it asks a port)",
    mayImport: ["text", "syntax", "sql", "model", "history", "schema"],
  },
  rewrite: {
    purpose: "Edits in Alembic's terms: create a revision, relink a parent, move a statement.",
    ignorantOf: "why an edit is made",
    mayImport: ["text", "sql", "model", "history", "project"],
  },
  facts: {
    purpose: "What is known of each operation where it runs: the schema that it meets, its transaction, its locks.",
    ignorantOf: "what anybody makes of it",
    mayImport: ["text", "sql", "model", "history", "schema", "locks", "project"],
  },
  settings: {
    purpose: "What a person may choose, its defaults and its validation.",
    ignorantOf: "where settings are stored",
    mayImport: ["text", "sql"],
  },
  rules: {
    purpose: "One file per rule: what it finds, why, and how it is repaired.",
    ignorantOf: "refactorings, editors and Python nodes",
    mayImport: analysis,
  },
  refactorings: {
    purpose: "One file per refactoring: whether it can be right here, and the edits that make it.",
    ignorantOf: "rules, editors and Python nodes",
    mayImport: analysis,
  },
  features: {
    purpose: "Hover, completion, definition and the other answers that are neither rule nor refactoring.",
    ignorantOf: "the protocol that carries the answers",
    mayImport: [...analysis, "rules", "refactorings"],
  },
  protocol: {
    purpose: "What client and server say to each other beyond LSP, declared once.",
    ignorantOf: "how either side does its part",
    mayImport: [],
  },
  host: {
    purpose: "Node's implementations of the ports: files, git, log, clock; loading of the grammars.",
    ignorantOf: "rules and refactorings",
    mayImport: everything,
    edge: true,
  },
  database: {
    purpose: "A PostgreSQL server: its URL, a connection to it, and what is asked of its catalog.",
    ignorantOf: "migrations and editors",
    mayImport: ["project"],
    edge: true,
  },
  lsp: {
    purpose: "The language server: the engine's answers in the terms of LSP.",
    ignorantOf: "how an answer was found",
    mayImport: [...everything, "host"],
    edge: true,
  },
  cli: {
    purpose: "The command line: the engine's answers as text, JSON and exit codes.",
    ignorantOf: "how an answer was found",
    mayImport: [...everything, "host", "database", "lsp"],
    edge: true,
  },
  rehearsal: {
    purpose: "A migration run on a throwaway server, recorded statement by statement.",
    ignorantOf: "editors",
    mayImport: [...everything, "host"],
    edge: true,
  },
};
