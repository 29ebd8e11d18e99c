import type { Log } from "../project/ports.ts";
import { parseSettings, type GivenSettings } from "../settings/settings.ts";

/** The settings `retort.*` of the editor, as far as they concern the server. */
export interface EditorSettings {
  readonly given: GivenSettings;
  readonly scope: "openFiles" | "workspace";
}

export const noEditorSettings: EditorSettings = { given: {}, scope: "openFiles" };

/** Editors send their empty defaults along (`""`, `null`, `[]`): those are not given, and the project file decides. */
export function editorSettings(json: unknown, log: Log): EditorSettings {
  const source: Readonly<Record<string, unknown>> = typeof json === "object" && json !== null ? { ...json } : {};
  const given = Object.fromEntries(
    Object.entries(source).filter(
      ([, value]) => value !== null && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );
  const parsed = parseSettings(given);
  for (const { message } of parsed.problems) log.warn(`Settings: ${message}`);
  const diagnostics = source["diagnostics"];
  const scope =
    typeof diagnostics === "object" &&
    diagnostics !== null &&
    "scope" in diagnostics &&
    diagnostics.scope === "workspace"
      ? "workspace"
      : "openFiles";
  return { given: parsed.given, scope };
}
