import { plainName } from "../schema/replay/schema.ts";
import type { QualifiedName } from "../sql/action.ts";

export { plainName };

export const sameTable = (a: QualifiedName, b: QualifiedName): boolean =>
  a.name === b.name && (plainName(a).schema ?? "") === (plainName(b).schema ?? "");
