/** Where a project's database stands, as far as it is known. */
export type Standing =
  | { readonly kind: "unread" }
  | { readonly kind: "reading" }
  /** Restricted Mode: nothing is asked and nothing runs. */
  | { readonly kind: "restricted" }
  /** The workspace lies on no disk, so nothing can run in it. */
  | { readonly kind: "virtual" }
  /** There is no config file that Alembic could run with. */
  | { readonly kind: "noConfig" }
  | { readonly kind: "noInterpreter"; readonly tried: readonly string[] }
  | {
      readonly kind: "unreachable";
      /** `dev@localhost/app`, where it is known. */
      readonly database?: string;
      readonly reason: string;
      readonly from?: string;
    }
  /** Alembic was asked and failed, for a reason that is not the database. */
  | { readonly kind: "failed"; readonly reason: string }
  | Known;

export interface Known {
  readonly kind: "known";
  /** `app`: what people call it. */
  readonly name: string;
  /** `dev@localhost/app`. */
  readonly database: string;
  /** Rows of the version table; empty: nothing is applied. */
  readonly versions: readonly string[];
  /** In words: who said so. */
  readonly from: string;
}
