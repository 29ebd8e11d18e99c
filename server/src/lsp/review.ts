/** The checklist as a page: what the command line's `review` says, with links to the lines. */
import { escapeMarkdown } from "../features/hover/markdown.ts";
import type { Verdict } from "../features/review/answer.ts";
import { renderReviewMarkdown } from "../features/review/markdown.ts";
import { questions, reviewRevision, type Review } from "../features/review/review.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { ReviewAnswer, ReviewRequest } from "../protocol/index.ts";
import { uriOf } from "./convert.ts";
import type { Session } from "./session.ts";

export function reviewAnswer(session: Session, request: ReviewRequest): ReviewAnswer {
  const project = session.workspace().projects.find(({ id }) => id === request.projectId);
  if (project === undefined) return { ok: false, reason: "The project is not open any more." };
  const files = request.revisions.flatMap((id) => project.history.revisions.get(id)?.file ?? []);
  if (files.length === 0) return { ok: false, reason: "There is no such revision." };
  const settings = session.settings(project);
  const made = files.map((file) => ({ file, review: reviewRevision(project, file, settings) }));
  const page = [
    `# ${escapeMarkdown(request.title)}`,
    "",
    escapeMarkdown(request.lead),
    "",
    ...renderOverview(made.map(({ review }) => review)),
    "",
    ...made.map((one) => renderOne(one, project.config.root)),
  ];
  return { ok: true, markdown: page.join("\n") };
}

function renderOne({ file, review }: { readonly file: RevisionFile; readonly review: Review }, root: string): string {
  const shown = file.path.startsWith(`${root}/`) ? file.path.slice(root.length + 1) : file.path;
  // Brackets in a name would end the link.
  const uri = uriOf(file.path).replaceAll("(", "%28").replaceAll(")", "%29");
  return renderReviewMarkdown(review, file.text, shown, (line) => `${uri}#L${String(line)}`);
}

const words: readonly (readonly [Verdict, string])[] = [
  ["no", "answered no"],
  ["unknown", "not known"],
  ["yes", "answered yes"],
];

/** How the questions were answered over all revisions: what a reader should look for below. */
function renderOverview(reviews: readonly Review[]): readonly string[] {
  const answers = reviews.flatMap((review) => review.answers);
  const of = (verdict: Verdict): number => answers.filter((one) => one.verdict === verdict).length;
  const counts = words
    .filter(([verdict]) => of(verdict) > 0)
    .map(([verdict, word]) => `${String(of(verdict))} ${word}`);
  const against = Object.entries(questions)
    .filter(([id]) => answers.some(({ question, verdict }) => question === id && verdict === "no"))
    .map(([, question]) => question.charAt(0).toLowerCase() + question.slice(1));
  return [
    `**${counts.join(", ")}.**${against.length === 0 ? "" : ` What does not hold everywhere: ${against.join("; ")}.`}`,
  ];
}
