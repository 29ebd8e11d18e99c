/** Calls of code that this file cannot see: which of them may change the database, and which repeat with the same result. */
import type { Use } from "../syntax/interpreter.ts";
import type { Call, Definition, Value } from "../syntax/value.ts";
import type { Role, RoleOf } from "./reading.ts";
import type { ForeignCode } from "./revision.ts";
import { lastName } from "./values.ts";

/** Top-level modules of Python's library that migrations use, and of tools that know nothing of a database. */
const harmless = new Set(
  (
    "builtins __future__ abc argparse array ast base64 binascii bisect calendar codecs collections configparser contextlib copy csv dataclasses " +
    "datetime decimal difflib enum errno fnmatch fractions functools getpass glob gzip hashlib heapq hmac html importlib inspect io ipaddress itertools json " +
    "keyword locale logging math mimetypes numbers operator os pathlib pickle platform posixpath pprint queue random re secrets shlex shutil signal " +
    "socket statistics string struct sys tempfile textwrap threading time timeit traceback types typing typing_extensions unicodedata urllib uuid " +
    "warnings weakref xml zlib zoneinfo dateutil pytz six yaml tqdm click rich structlog simplejson orjson ujson slugify bcrypt passlib cryptography " +
    "jwt numpy packaging toml tomllib pendulum arrow loguru termcolor colorama nanoid shortuuid ulid cuid validators rapidjson attr attrs markdown bs4"
  ).split(" "),
);

/** The rest of Python's library. */
const standard = new Set(
  (
    "asyncio atexit bdb bz2 cProfile cmath cmd code codeop colorsys compileall concurrent contextvars copyreg ctypes curses dbm dis doctest email encodings " +
    "ensurepip faulthandler fcntl filecmp fileinput ftplib gc genericpath getopt gettext graphlib grp http imaplib linecache lzma mailbox mailcap marshal " +
    "mmap modulefinder multiprocessing netrc nt ntpath opcode optparse pdb pickletools pkgutil plistlib poplib posix profile pstats pty pwd py_compile " +
    "pyclbr pydoc pyexpat quopri readline reprlib resource rlcompleter runpy sched select selectors shelve site smtplib socketserver sqlite3 ssl stat " +
    "stringprep subprocess symtable sysconfig syslog tabnanny tarfile termios token tokenize trace tracemalloc tty unittest venv wave webbrowser wsgiref " +
    "xmlrpc zipapp zipfile zipimport"
  ).split(" "),
);

/** Modules whose constructs are values until something executes them. */
const constructing = new Set(
  "sqlalchemy alembic geoalchemy2 sqlalchemy_utils sqlmodel pgvector citext psycopg2 psycopg asyncpg pymysql MySQLdb sqlalchemy_json".split(
    " ",
  ),
);

const rootOf = (path: string): string => {
  const dot = path.indexOf(".");
  return dot < 0 ? path : path.slice(0, dot);
};

/** The name that a chain of attributes, items and calls begins with. */
export function originOf(value: Value): Value {
  let at = value;
  for (let i = 0; i < 200; i++) {
    if (at.kind === "member" || at.kind === "item") at = at.of;
    else if (at.kind === "call") at = at.callee;
    else return at;
  }
  return at;
}

const handles: readonly Role[] = ["op", "batch", "connection", "session", "inspector", "context"];

/** What is handed over gives the called code a way to the database. */
function handedOver(call: Call, roleOf: RoleOf): Value | undefined {
  return call.args.map((arg) => arg.value).find((value) => isHandleOrList(value, roleOf));
}

function isHandleOrList(value: Value, roleOf: RoleOf): boolean {
  const isHandle = (one: Value): boolean => handles.includes(roleOf(one));
  return isHandle(value) || (value.kind === "sequence" && value.items.some(isHandle));
}

/** Also an object that was made with one; not a row that was read over one. */
export const holdsHandle = (value: Value, roleOf: RoleOf): boolean =>
  isHandleOrList(value, roleOf) ||
  (value.kind === "call" &&
    value.callee.kind === "class" &&
    value.args.some((arg) => isHandleOrList(arg.value, roleOf)));

const knownModule = (path: string): boolean => harmless.has(rootOf(path)) || constructing.has(rootOf(path));

export interface Suspicion {
  readonly why: string;
  /** The application's code that gets a way to the database. */
  readonly application?: ForeignCode;
}

/**
 * Why a call that `readCall` does not know may change the database; `undefined` where it cannot.
 * Code from outside the file is under suspicion where it gets a connection, or where it is called for its effect alone.
 */
export function suspicionOf(call: Call, use: Use, roleOf: RoleOf): Suspicion | undefined {
  const why = roleOf(call) === "other" ? whySuspected(call, use, roleOf) : undefined;
  if (why === undefined) return undefined;
  const origin = originOf(call.callee);
  const isApplication =
    origin.kind === "reference" &&
    !knownModule(origin.path) &&
    !standard.has(rootOf(origin.path)) &&
    isHandedOver(call, roleOf);
  return { why, ...(isApplication && { application: { name: origin.path } }) };
}

/** To the call, or to one that its receiver comes from: `Fix(connection).run()`. */
function isHandedOver(call: Call, roleOf: RoleOf): boolean {
  for (let at: Value = call; ;) {
    if (at.kind === "call" && handedOver(at, roleOf) !== undefined) return true;
    if (at.kind === "call") at = at.callee;
    else if (at.kind === "member" || at.kind === "item") at = at.of;
    else return false;
  }
}

function whySuspected(call: Call, use: Use, roleOf: RoleOf): string | undefined {
  const name = lastName(call.callee) ?? "a function";
  if (use === "statement" && isInherited(call)) return `${name}() is not in this file`;
  const origin = originOf(call.callee);
  if (origin.kind !== "reference" && origin.kind !== "unknown") return undefined;
  const handed = handedOver(call, roleOf) !== undefined;
  if (origin.kind === "reference" && knownModule(origin.path)) {
    return (handed || use === "statement") && importedAtRunTime(call)
      ? `${name}() is code of a module that is imported while the migration runs`
      : undefined;
  }
  if (origin.kind === "reference" && logging.test(origin.path)) return undefined;
  if (handed) return `${name}() is not in this file and gets access to the database`;
  return use === "statement" && runsForeignCode(call) ? `${name}() is not in this file` : undefined;
}

/** Methods of a project's own logger. */
const logging =
  /(?:^|[._])(?:log|logger|logging)\.(?:debug|info|warn|warning|error|exception|critical|log|success|trace)$/i;

/** `migrate()`, `Migration(connection).run()`, `fixes.Fix().run()`; not a method of what a function returned. */
function runsForeignCode({ callee }: Call): boolean {
  if (callee.kind === "reference") return true;
  if (callee.kind !== "member" || callee.of.kind !== "call") return false;
  const made = callee.of.callee;
  return made.kind === "reference" && /^_*[A-Z]/.test(lastName(made) ?? "");
}

/** A method that a class of the project has from a base that is not known: `super().run()`, `Fix(connection).run()`. */
function isInherited({ callee }: Call): boolean {
  if (callee.kind !== "member" || callee.of.kind !== "call" || callee.name.startsWith("__")) return false;
  const made = callee.of;
  const type = made.callee.kind === "class" ? made.callee : made.args[0]?.value;
  const isObject =
    made.callee.kind === "class" || (made.callee.kind === "reference" && made.callee.path === "builtins.super");
  return isObject && type?.kind === "class" && hasUnknownBase(type, 0);
}

const hasUnknownBase = ({ bases = [] }: Definition, depth: number): boolean =>
  depth < 8 &&
  bases.some((base) =>
    base.kind === "class" ? hasUnknownBase(base, depth + 1) : base.kind !== "reference" || !knownModule(base.path),
  );

/** `import_module("…").run()`. */
const importedAtRunTime = ({ callee }: Call): boolean => callee.kind === "member" && isImported(callee.of, 0);

const importing = /(?:^|\.)(?:import_module|__import__)$/;

/** By what the value is taken from; what it is looked up with counts for nothing. */
function isImported(value: Value, depth: number): boolean {
  const within = (part: Value): boolean => depth < 60 && isImported(part, depth + 1);
  switch (value.kind) {
    case "reference":
      return importing.test(value.path);
    case "member":
    case "item":
      return within(value.of);
    case "unknown":
      return value.from !== undefined && within(value.from);
    case "choice":
      return value.options.some(within);
    case "sequence":
      return value.items.some(within);
    case "call": {
      const { callee, args } = value;
      const isBuiltin = callee.kind === "reference" && callee.path.startsWith("builtins.");
      return within(callee) || (isBuiltin && args.some((arg) => within(arg.value)));
    }
    default:
      return false;
  }
}

const moments =
  /^(?:uuid\.uuid|uuid_utils\.uuid|time\.|random\.|secrets\.|os\.(?:urandom|getpid|system|remove|makedirs)|getpass\.|shortuuid\.|nanoid\.|ulid\.|builtins\.(?:open|input|next|id|hash)$)|\.(?:now|utcnow|today|time|now_utc)$/;

/**
 * Whether a call gives the same again when it is made again, apart from its receiver and arguments, which are judged
 * by themselves.
 */
export function isRepeatable(call: Call, roleOf: RoleOf): boolean {
  const role = roleOf(call);
  if (role === "inspector" || role === "result") return false;
  if (call.args.some((arg) => arg.name !== undefined && /^autoload/.test(arg.name))) return false;
  const { callee } = call;
  if (callee.kind === "reference") {
    if (moments.test(callee.path)) return false;
    return knownModule(callee.path) || handles.includes(role) || /(?:^|\.)[A-Z]\w*$/.test(callee.path);
  }
  if (callee.kind === "class") return true;
  if (callee.kind !== "member") return handles.includes(role);
  const receiver = roleOf(callee.of);
  if (receiver === "session" || receiver === "connection") return ["connection", "session"].includes(role);
  return receiver !== "result" && receiver !== "inspector";
}
