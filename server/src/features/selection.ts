/** How a selection grows from a place of a revision: operation, statement, block by block, body, function. */
import type { RevisionFile, Statement } from "../model/revision.ts";
import { contains, hull, includes, type Range } from "../text/range.ts";

/** From the innermost to the outermost, each inside the next. */
export function selectionsAt(file: RevisionFile, offset: number): readonly Range[] {
  const directions = [...file.upgrades, ...file.downgrades];
  const found = directions.flatMap(({ head, body, statements, operations }) => [
    ...operations.map(({ range }) => range),
    ...rangesOf(statements, offset),
    ...(body ? [body] : []),
    ...(head && body ? [hull(head, body)] : []),
  ]);
  const around = [...found, ...file.module.map(({ range }) => range), { start: 0, end: file.text.length }]
    .filter((range) => includes(range, offset))
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  const nested: Range[] = [];
  for (const range of around) {
    const inner = nested.at(-1);
    const isLarger = !inner || (contains(range, inner) && (range.start < inner.start || range.end > inner.end));
    if (isLarger) nested.push(range);
  }
  return nested;
}

const rangesOf = (statements: readonly Statement[], offset: number): readonly Range[] =>
  statements
    .filter(({ range }) => includes(range, offset))
    .flatMap(({ range, compound }) => [
      range,
      ...(compound?.blocks.flatMap(({ statements: inner }) => rangesOf(inner, offset)) ?? []),
    ]);
