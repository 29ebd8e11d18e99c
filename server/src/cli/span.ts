/** `--since`, `--changed` and `--all`. */
import { UsageError } from "./io.ts";

/** What of the history is judged: all, what comes after a revision, or what git says has changed since `base`. */
export type Span =
  | { readonly kind: "all" }
  | { readonly kind: "since"; readonly revision: string }
  | {
      readonly kind: "changed";
      /** Undefined: the default branch. */
      readonly base?: string;
      /** It stood behind the option as a word of its own, and is a path where there is one of that name. */
      readonly isWord?: true;
    };

/** Node's parser knows no option whose value may be left out. */
export function takeChanged(argv: readonly string[]): readonly [rest: readonly string[], span: Span | undefined] {
  const index = argv.findIndex((argument) => argument === "--changed" || argument.startsWith("--changed="));
  const option = argv[index];
  const isEnded = argv.slice(0, Math.max(0, index)).includes("--");
  if (option === undefined || isEnded) return [argv, undefined];
  const rest = [...argv.slice(0, index), ...argv.slice(index + 1)];
  if (option !== "--changed") {
    const base = option.slice("--changed=".length);
    if (base === "") throw new UsageError("--changed= needs a commit");
    return [rest, { kind: "changed", base }];
  }
  const next = argv[index + 1];
  if (next === undefined || next.startsWith("-")) return [rest, { kind: "changed" }];
  return [rest.filter((_, i) => i !== index), { kind: "changed", base: next, isWord: true }];
}

/** At most one of them is given. */
export function readSpan(
  changed: Span | undefined,
  { since, all }: { readonly since?: string | undefined; readonly all?: boolean | undefined },
): { readonly span?: Span } {
  const spans: Span[] = [
    ...(changed === undefined ? [] : [changed]),
    ...(since === undefined ? [] : [{ kind: "since", revision: since } as const]),
    ...(all === true ? [{ kind: "all" } as const] : []),
  ];
  if (spans.length > 1) throw new UsageError("--since, --changed and --all exclude each other");
  const [span] = spans;
  return span === undefined ? {} : { span };
}
