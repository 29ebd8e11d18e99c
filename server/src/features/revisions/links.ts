/** From the name of a revision to its file, and from a revision to all that name it. */
import type { RevisionFile } from "../../model/revision.ts";
import type { Project } from "../../project/snapshot.ts";
import { headerOf } from "../../rewrite/header.ts";
import { hull, type Range } from "../../text/range.ts";
import { homesOf, namedAt, namesIn, revisionTextAt, type RevisionHome, type RevisionPlace } from "./named.ts";

/** A place in a file, and what belongs to it. */
export interface Target {
  readonly file: RevisionFile;
  readonly range: Range;
  readonly whole: Range;
}

export interface Definition {
  /** The name that leads there. */
  readonly origin: Range;
  readonly targets: readonly Target[];
}

/** The id in its own file, with the docstring above it: what a person wants to see of it at a glance. */
export function targetOf({ file }: RevisionHome): Target {
  const start = { start: 0, end: 0 };
  const written = namesIn(file).find(({ as }) => as === "revision")?.range ?? start;
  const statement = file.identifiers.revision?.statement ?? written;
  const header = headerOf(file);
  return { file, range: written, whole: header ? hull(header.range, statement) : statement };
}

const targetsOf = (project: Project, name: string): readonly Target[] => homesOf(project, name).map(targetOf);

export function definitionAt(place: RevisionPlace): Definition | undefined {
  const named = namedAt(place);
  if (!named) return definitionOfText(place.file.text, place.offset, [place.project]);
  const own = place.file.identifiers.revision?.value;
  // Of two files with one id, each is the home of its own.
  const targets = named.id === own ? [targetOf({ id: own, file: place.file })] : targetsOf(place.project, named.id);
  return targets.length === 0 ? undefined : { origin: named.range, targets };
}

/** Of a string in a file that is no revision: a test, a script. */
export function definitionOfText(text: string, offset: number, projects: readonly Project[]): Definition | undefined {
  const named = revisionTextAt(text, offset);
  const targets = named ? projects.flatMap((project) => targetsOf(project, named.id)) : [];
  return named && targets.length > 0 ? { origin: named.range, targets } : undefined;
}

/** Of the docstring: each id that it names as parent, with its file. */
export function headerLinks(project: Project, file: RevisionFile): readonly (Target & { readonly origin: Range })[] {
  if (!file.isRevision) return [];
  return namesIn(file)
    .filter(({ as }) => as === "Revises")
    .flatMap(({ id, range: origin }) => targetsOf(project, id).map((target) => ({ ...target, origin })));
}

export interface Reference {
  readonly file: RevisionFile;
  readonly range: Range;
}

/** Whether its variables name one of these. */
const names = ({ identifiers }: RevisionFile, wanted: ReadonlySet<string>): boolean =>
  [identifiers.downRevision, identifiers.dependsOn].some((one) => one?.value.some((id) => wanted.has(id)) === true);

/** Where other revisions name this one as parent or dependency, and what they say in their docstrings beside it. */
export function namesOf(project: Project, { id, file: home }: RevisionHome): readonly (Reference & { as: string })[] {
  const labels = home.identifiers.branchLabels?.value ?? [];
  const all = new Set([id, ...labels]);
  return [...project.files.values()]
    .filter((file) => file.isRevision && names(file, all))
    .flatMap((file) =>
      namesIn(file)
        .filter((one) => (one.as === "depends_on" ? all.has(one.id) : one.as !== "revision" && one.id === id))
        .map(({ range, as }) => ({ file, range, as })),
    );
}

/**
 * Where the revision that a place names is used. What docstrings repeat is no use of it.
 * @param withDeclaration its own id, too
 */
export function referencesAt(place: RevisionPlace, withDeclaration: boolean): readonly Reference[] {
  const named = namedAt(place);
  if (!named) return [];
  const own = place.file.identifiers.revision?.value;
  const homes = named.id === own ? [{ id: own, file: place.file }] : homesOf(place.project, named.id);
  return homes.flatMap((home) => [
    ...(withDeclaration ? [targetOf(home)] : []),
    ...namesOf(place.project, home).filter(({ as }) => as === "down_revision" || as === "depends_on"),
  ]);
}
