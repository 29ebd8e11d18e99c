import type { Log } from "../project/ports.ts";
import { rules } from "../rules/index.ts";
import { parseSettings } from "../settings/parse.ts";
import type { GivenSettings } from "../settings/settings.ts";

/** The settings `retort.*` of the editor, as far as they concern the server. */
export interface EditorSettings {
  readonly given: GivenSettings;
  readonly scope: "openFiles" | "workspace";
  readonly showsLocks: boolean;
}

export const noEditorSettings: EditorSettings = { given: {}, scope: "openFiles", showsLocks: false };

/** Editors send their empty defaults along (`""`, `null`, `[]`): those are not given, and the project file decides. */
export function editorSettings(json: unknown, log: Log): EditorSettings {
  const source: Readonly<Record<string, unknown>> = typeof json === "object" && json !== null ? { ...json } : {};
  const given = Object.fromEntries(
    Object.entries(source).filter(
      ([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
  const parsed = parseSettings(given, rules, false);
  for (const { message } of parsed.problems) log.warn(`Settings: ${message}`);
  return {
    given: parsed.given,
    scope: within(source["diagnostics"], "scope") === "workspace" ? "workspace" : "openFiles",
    showsLocks: within(source["inlayHints"], "locks") === true,
  };
}

const within = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
