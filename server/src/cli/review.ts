/** `retort review`: the checklist before a deployment, answered for revisions with facts. */
import { createColors } from "picocolors";
import { renderCoverage } from "../features/coverage.ts";
import type { Fact, Verdict } from "../features/review/answer.ts";
import { renderReviewMarkdown } from "../features/review/markdown.ts";
import { questions, reviewRevision, type Review } from "../features/review/review.ts";
import type { RevisionFile } from "../model/revision.ts";
import { LineIndex } from "../text/lines.ts";
import type { Command } from "./arguments.ts";
import { displayPath, exitCodes, InputError, type ExitCode, type Io } from "./io.ts";
import { findPast, settleSpan } from "./past.ts";
import { lineagesOf } from "./report.ts";
import type { Span } from "./span.ts";
import { openTargets, type Target } from "./targets.ts";

type ReviewCommand = Command & { readonly name: "review" };

interface Made {
  readonly review: Review;
  readonly file: RevisionFile;
}

/** In the order in which Alembic runs them. */
function reviewTarget({ project, settings, files }: Target): readonly Made[] {
  const order = new Map(project.history.order.map((id, position) => [id, position]));
  const position = ({ identifiers }: RevisionFile): number => order.get(identifiers.revision?.value ?? "") ?? Infinity;
  return files
    .filter(({ isRevision }) => isRevision)
    .sort((a, b) => position(a) - position(b))
    .map((file) => ({ file, review: reviewRevision(project, file, settings) }));
}

/** Without a path: what is at the heads, which is what has come last. */
function atHeads(target: Target): Target {
  const { history } = target.project;
  const heads = new Set(history.heads.map((id) => history.revisions.get(id)?.file));
  return { ...target, files: target.files.filter((file) => heads.has(file)) };
}

/** What the span holds; undefined where there is no span. */
async function inSpan(
  targets: readonly Target[],
  span: Span | undefined,
  io: Io,
): Promise<readonly Target[] | undefined> {
  if (span === undefined) return undefined;
  const since = span.kind === "since" ? span.revision : undefined;
  const past = await findPast(lineagesOf(targets, since), span, io);
  return targets.map((target) => ({ ...target, files: target.files.filter(({ path }) => !past.has(path)) }));
}

/** @throws InputError where there is nothing to review */
export async function runReview(command: ReviewCommand, io: Io): Promise<ExitCode> {
  const { dialect, format } = command;
  const { span, paths } = await settleSpan(command.span, command.paths, io);
  // Threads hand over what `check` needs, and no operations.
  const { threads: _, ...alone } = io;
  const { targets, problems } = await openTargets(paths.length > 0 ? paths : ["."], dialect, alone);
  const chosen = (await inSpan(targets, span, io)) ?? (paths.length > 0 ? targets : targets.map(atHeads));
  const made = chosen.flatMap(reviewTarget);
  if (made.length === 0 && span !== undefined && targets.length > 0) {
    io.out("There is no new revision to review.\n");
    return exitCodes.clean;
  }
  if (made.length === 0) throw new InputError(problems[0]?.message ?? "There is no revision to review.");
  for (const { review, file } of made) {
    const shown = displayPath(review.path, io.cwd);
    io.out(
      format === "markdown" ? `${renderReviewMarkdown(review, file.text, shown)}\n` : pretty(review, file, shown, io),
    );
  }
  const isGood = made.every(({ review }) => review.answers.every(({ verdict }) => verdict !== "no"));
  return isGood ? exitCodes.clean : exitCodes.findings;
}

const words: Record<Verdict, string> = { yes: "yes", no: "no", unknown: "not known" };
const mostFacts = 8;

function pretty(review: Review, { text }: RevisionFile, shown: string, io: Io): string {
  const colours = createColors(io.colours);
  const paint: Record<Verdict, (text: string) => string> = {
    yes: colours.green,
    no: colours.red,
    unknown: colours.yellow,
  };
  const lines = new LineIndex(text);
  const fact = ({ text: said, range }: Fact): string =>
    `      ${range ? colours.dim(`line ${String(lines.positionAt(range.start).line + 1)}: `) : ""}${said}`;
  const answers = review.answers.flatMap(({ question, verdict, facts }) => [
    `  ${questions[question]}: ${paint[verdict](words[verdict])}`,
    ...facts.slice(0, mostFacts).map(fact),
    ...(facts.length > mostFacts ? [`      and ${String(facts.length - mostFacts)} more`] : []),
  ]);
  const title = [review.revision, review.message].filter(Boolean).join(": ");
  return [colours.bold(title), `  ${shown}, ${renderCoverage(review.statements)}`, ...answers, "", ""].join("\n");
}
