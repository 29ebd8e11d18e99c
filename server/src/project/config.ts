/** The configuration of one project, from the section of an ini file and `[tool.alembic]`, as Alembic 1.20 reads them. */
import { describeTemplate } from "./file-template.ts";
import { placeInOption } from "./ini.ts";
import { toLocation, type Location } from "./location.ts";
import { Options, type ConfigInput } from "./options.ts";
import { parentOf, resolvePath } from "./paths.ts";
import type { ConfigOptions, ProjectProblem } from "./snapshot.ts";
import { isTimeZone } from "./moment.ts";

export type { ConfigInput } from "./options.ts";

export interface ConfigReading {
  readonly root: string;
  readonly configFile: string;
  readonly options: ConfigOptions;
  readonly scriptLocation?: Location;
  /** Undefined: Alembic's default, `versions` in the script location. */
  readonly versionLocations?: readonly Location[];
  /** Every URL of the section and, in a multi-database project, of its engines, as good as they could be read. */
  readonly urls: readonly string[];
  readonly problems: readonly ProjectProblem[];
  /** Something that decides where the project lies could not be read, so that a folder may be another than it seems. */
  readonly uncertain: boolean;
}

export const defaultOptions: ConfigOptions = {
  section: "alembic",
  recursive: false,
  sourceless: false,
  fileTemplate: "%(rev)s_%(slug)s",
  fileTemplateIsDefault: true,
  truncateSlugLength: 40,
  outputEncoding: "utf-8",
  revisionEnvironment: false,
  postWriteHooks: [],
  databases: [],
  importRoots: [],
};

/** What `alembic init` writes: it stands for "not set". */
const placeholderUrl = "driver://user:pass@localhost/dbname";

/** Reads a project's options; what cannot be read is a problem and its default is used. At least one of `ini` and `toml` is given. */
export function readConfig(input: ConfigInput): ConfigReading {
  const options = new Options(input);
  const configFile = input.ini?.path ?? input.toml?.path ?? "";
  const recursive = options.boolean("recursive_version_locations");
  const root = parentOf(configFile);
  const roots = [root, ...searchPath(options, root)];
  const script = options.string("script_location");
  const locations = options.list("version_locations");
  const uncertain = options.problems.length > 0;
  const url = urlOf(options, input.section);
  const databases = databasesOf(options, input.section);
  const engineUrls = databases.flatMap((name) => urlOf(options, name)?.value ?? []);
  return {
    root,
    configFile,
    options: {
      section: input.section,
      recursive,
      sourceless: options.boolean("sourceless"),
      ...naming(options, recursive),
      outputEncoding: options.string("output_encoding")?.value ?? defaultOptions.outputEncoding,
      revisionEnvironment: options.word("revision_environment"),
      postWriteHooks: options.hooks(),
      databases,
      importRoots: roots,
      ...(url?.complete ? { url: url.value } : {}),
      ...passwordsOf(input, [input.section, ...databases]),
      ...unseparatedOf(input),
      ...oldSeparatorOf(input),
    },
    ...(script && script.value !== "" ? { scriptLocation: toLocation(script, roots) } : {}),
    ...(locations ? { versionLocations: locations.map((one) => toLocation(one, roots)) } : {}),
    urls: [...(url ? [url.value] : []), ...engineUrls],
    problems: options.problems.toSorted((a, b) => (a.file === b.file ? a.range.start - b.range.start : 0)),
    uncertain,
  };
}

function naming(
  options: Options,
  recursive: boolean,
): Pick<ConfigOptions, "fileTemplate" | "fileTemplateIsDefault" | "truncateSlugLength" | "timezone" | "unreadFolders"> {
  const template = options.string("file_template");
  const fault = template && describeTemplate(template.value);
  if (template && fault !== undefined)
    options.problem(`Alembic cannot name a new file by this template: ${fault}.`, template);
  const isGiven = template !== undefined && fault === undefined;
  const timezone = options.string("timezone");
  if (timezone?.value === "")
    options.problem('An empty "timezone" stops Alembic; without the line it takes local time.', timezone);
  else if (timezone && !isTimeZone(timezone.value))
    options.problem(`There is no time zone "${timezone.value}".`, timezone);
  return {
    fileTemplate: isGiven ? template.value : defaultOptions.fileTemplate,
    fileTemplateIsDefault: !isGiven,
    // Zero counts as not given.
    truncateSlugLength: options.integer("truncate_slug_length") || defaultOptions.truncateSlugLength,
    ...(timezone && isTimeZone(timezone.value) ? { timezone: timezone.value } : {}),
    // Alembic makes the folder and the file, and finds neither again.
    ...(isGiven && template.value.includes("/") && !recursive
      ? { unreadFolders: { path: template.file, range: template.range } }
      : {}),
  };
}

/** Folders from which Python would import packages, beside the usual ones. */
const searchPath = (options: Options, root: string): readonly string[] =>
  (options.list("prepend_sys_path") ?? []).map(({ value }) => resolvePath(root, value));

/** `databases = engine1, engine2`, each a section with a URL: Alembic's multi-database template. */
const databasesOf = (options: Options, section: string): readonly string[] =>
  (options.inSection(section, "databases")?.value ?? "").split(/,\s*/).filter((name) => name !== "");

/** Of a URL: up to the password, the password, the host. */
const withPassword = /^([\w+]+:\/\/[^:@/\s]*:)([^@\s]+)@([^:/?\s]*)/;

/** What templates show, what is given elsewhere, and what opens no other machine than this. */
const isHarmless = (password: string, host: string): boolean =>
  /%\(|^(?:pass|password|changeme|change_me|xxx+|\*+|<.*>)$/i.test(password) ||
  ["localhost", "127.0.0.1", "[::1]", ""].includes(host);

function passwordsOf({ ini }: ConfigInput, sections: readonly string[]): Pick<ConfigOptions, "passwords"> {
  if (!ini) return {};
  const passwords = sections.flatMap((section) => {
    const option = ini.parsed.sections.get(section)?.options.get("sqlalchemy.url");
    const [, before, password, host] = (option && withPassword.exec(option.raw)) ?? [];
    if (!option || before === undefined || password === undefined || isHarmless(password, host ?? "")) return [];
    return [{ path: ini.path, range: placeInOption(option, before.length, password.length) }];
  });
  return passwords.length > 0 ? { passwords } : {};
}

/** `prepend_sys_path = .` is in every project, and has nothing to separate. */
function unseparatedOf({ ini, section }: ConfigInput): Pick<ConfigOptions, "unseparated"> {
  const options = ini?.parsed.sections.get(section)?.options;
  const has = (name: string): boolean => options?.has(name) === true || ini?.parsed.defaults.has(name) === true;
  if (!ini || !options || has("path_separator")) return {};
  const option = has("version_path_separator") ? undefined : options.get("version_locations");
  if (!option || option.raw.trim() === "") return {};
  return { unseparated: { path: ini.path, range: option.nameRange, option: option.name } };
}

function oldSeparatorOf({ ini, section }: ConfigInput): Pick<ConfigOptions, "oldSeparator"> {
  const options = ini?.parsed.sections.get(section)?.options;
  if (!ini || !options || options.has("path_separator") || ini.parsed.defaults.has("path_separator")) return {};
  const option = options.get("version_path_separator");
  const locations = options.get("version_locations")?.raw.trim() ?? "";
  return option === undefined || locations === "" ? {} : { oldSeparator: { path: ini.path, range: option.nameRange } };
}

/** Parts such as `%(DB_PASSWORD)s` are often given by env.py: that they are missing here is no problem. */
function urlOf(options: Options, section: string): { readonly value: string; readonly complete: boolean } | undefined {
  const found = options.inSection(section, "sqlalchemy.url");
  return found === undefined || found.value === "" || found.value === placeholderUrl ? undefined : found;
}
