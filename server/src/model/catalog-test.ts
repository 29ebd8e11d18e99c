import type { QualifiedName } from "../sql/action.ts";

export type ConstraintKind = "unique" | "foreign_key" | "check";

/** What a test asks of the schema that it meets. Who knows the schema can tell the answer. */
export type CatalogTest =
  | { readonly ask: "table"; readonly table: QualifiedName }
  | { readonly ask: "column" | "index"; readonly table: QualifiedName; readonly name: string }
  | {
      readonly ask: "constraint";
      readonly table: QualifiedName;
      readonly of: ConstraintKind;
      readonly name?: string;
      readonly columns?: readonly string[];
    }
  | {
      /** Whether a column's type, as it is reflected, is one of SQLAlchemy's classes, or has a time zone. */
      readonly ask: "type";
      readonly table: QualifiedName;
      readonly name: string;
      readonly is?: string;
      readonly timezone?: boolean;
    }
  | { readonly ask: "dialect"; readonly names: readonly string[] }
  | { readonly ask: "constant"; readonly answer: boolean }
  /** `possibly`: that it is so is not all that the test asks; where it is not so, the test is false. */
  | { readonly ask: "not" | "possibly"; readonly of: CatalogTest }
  | { readonly ask: "all" | "any"; readonly of: readonly CatalogTest[] }
  | { readonly ask: "unclear" };
