/** The pytest file that "Add Migration Tests" writes: a template with what is the project's own filled in. */
import path from "node:path";

export interface TestFileValues {
  /** Folder of the test file, and the config file; absolute. */
  readonly folder: string;
  readonly config: string;
  readonly section: string;
  readonly versionTable: string;
}

/** Names come from files of the workspace and end up in Python strings. */
const inString = (text: string): string =>
  text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);

export const renderTestFile = (template: string, values: TestFileValues): string => {
  const relative = path.relative(values.folder, path.dirname(values.config)).replaceAll(path.sep, "/");
  const fillings: Readonly<Record<string, string>> = {
    folder: inString(relative === "" ? "." : relative),
    config: inString(path.basename(values.config)),
    section: values.section === "alembic" ? "" : `, ini_section="${inString(values.section)}"`,
    versionTable: inString(values.versionTable),
  };
  return template.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => fillings[name] ?? whole);
};

/** `pyproject.toml` alone is given to Alembic in another way. */
export const canTest = (config: string): boolean => path.basename(config) !== "pyproject.toml";
