/**
 * What is asked of the rest of a project on behalf of one file. Rules that look at a file are shown a project that tells
 * nothing but its config; whatever else they need to know is asked here and remembered, so that what they have found stands as
 * long as the answers are the same.
 */
import type { Project, ProjectConfig } from "../project/snapshot.ts";

export interface Inquiry {
  ask(project: Project): unknown;
  readonly answer: unknown;
  readonly isSame: Comparing;
  /** Absent: only the run that has asked it can ask it again. */
  readonly question?: Question;
}

/** What another run can ask again. */
export type Question =
  | { readonly kind: string; readonly about: unknown }
  /** What is played up to this revision: it depends on nothing but what its file says, and those of all that run before it. */
  | { readonly playedTo: string };

type Comparing = (a: unknown, b: unknown) => boolean;

export interface Watched {
  readonly project: Project;
  /** What has been asked so far. */
  readonly inquiries: () => readonly Inquiry[];
}

interface Asked {
  readonly project: Project;
  readonly byKey: Map<string, Inquiry>;
}

const asked = new WeakMap<Project, Asked>();

function refuse(): never {
  throw new Error("a rule looked at the rest of the project without asking for it");
}

/** A project that shows nothing but its config. */
export const secluded = (config: ProjectConfig): Project => ({
  id: "",
  config,
  problems: [],
  get files() {
    return refuse();
  },
  get history() {
    return refuse();
  },
});

/** The project as it is shown on behalf of one file. */
export function watch(project: Project): Watched {
  const shown = secluded(project.config);
  const byKey = new Map<string, Inquiry>();
  asked.set(shown, { project, byKey });
  return { project: shown, inquiries: () => [...byKey.values()] };
}

/** Of values such as JSON tells. */
const isEqual: Comparing = (a, b) => Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);

/**
 * The answer of `ask`, which looks at the whole project. `key`: of everything that the answer depends on beside the project and
 * the file. `isSame`: whether another answer comes to the same; where nothing is said, answers are values such as JSON tells.
 * Where nobody needs more than that, `defineInquiry` is shorter, and its answers can be kept from one run to the next.
 */
export function inquire<T>(
  project: Project,
  key: string,
  ask: (project: Project) => T,
  { isSame = isEqual, question }: { readonly isSame?: Comparing; readonly question?: Question } = {},
): T {
  const watched = asked.get(project);
  if (watched === undefined) return ask(project);
  const known = watched.byKey.get(key);
  if (known) return known.answer as T;
  const answer = ask(watched.project);
  watched.byKey.set(key, { ask, answer, isSame, ...(question && { question }) });
  return answer;
}

const kinds = new Map<string, (project: Project, about: never) => unknown>();

/** A kind of question that another run can ask again: what it is about and the answers are values such as JSON tells. */
export function defineInquiry<About, Answer>(
  kind: string,
  ask: (project: Project, about: About) => Answer,
): (project: Project, about: About) => Answer {
  if (kinds.has(kind)) throw new Error(`there are two kinds of inquiries "${kind}"`);
  kinds.set(kind, ask);
  return (project, about) =>
    inquire(project, `${kind} ${JSON.stringify(about)}`, (whole) => ask(whole, about), { question: { kind, about } });
}

/** What the project answers now. */
export function askAgain(project: Project, { kind, about }: Exclude<Question, { playedTo: string }>): unknown {
  const ask = kinds.get(kind);
  if (ask === undefined) throw new Error(`there is no kind of inquiries "${kind}"`);
  return ask(project, about as never);
}

/** Whether the project gives the answers that were given. */
export const stillHold = (inquiries: readonly Inquiry[], project: Project): boolean =>
  inquiries.every(({ ask, answer, isSame }) => isSame(ask(project), answer));
