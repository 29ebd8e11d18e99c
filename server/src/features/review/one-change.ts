/** Is there one logical change in the revision? */
import type { Judged } from "../../facts/judged.ts";
import { findChanges } from "../../schema/changes.ts";
import { renderName, type QualifiedName } from "../../sql/action.ts";
import { answer, notUnderstood, type Answer, type Fact, type Reviewed } from "./answer.ts";
import { isBystander } from "./work.ts";

export function askOneChange({ file, project, upgrade }: Reviewed): Answer {
  const changing = upgrade.filter((one) => one.isUnderstood && !isBystander(one));
  const groups = groupTables(changing);
  const unrelated: readonly Fact[] =
    groups.length < 2
      ? []
      : [{ verdict: "no", text: `nothing connects ${groups.map((group) => group.join(", ")).join(" with ")}` }];
  const facts = [
    ...unrelated,
    ...file.upgrades.flatMap((one) => mixed(findChanges(one, project.config))),
    ...notUnderstood(upgrade),
  ];
  const [tables] = groups;
  return answer(
    "one-change",
    facts,
    tables === undefined ? "it changes no table" : `all of it is about ${tables.join(", ")}`,
  );
}

const mixed = ({ schema, data }: ReturnType<typeof findChanges>): readonly Fact[] =>
  schema.length > 0 && data.length > 0
    ? [
        {
          verdict: "no",
          text: "it changes the schema and the rows of existing tables at once",
          ...(data[0] && { range: data[0].operation.range }),
        },
      ]
    : [];

/** Names of tables, those together that some operation touches together. */
function groupTables(changing: readonly Judged[]): readonly (readonly string[])[] {
  let groups: ReadonlySet<string>[] = [];
  for (const { operation } of changing) {
    const names = tablesOf(operation).map(renderName);
    if (names.length === 0) continue;
    const joined = groups.filter((group) => names.some((name) => group.has(name)));
    groups = [
      ...groups.filter((group) => !joined.includes(group)),
      new Set([...joined.flatMap((group) => [...group]), ...names]),
    ];
  }
  return groups.map((group) => [...group].sort());
}

const tablesOf = ({ table, touches, details }: Judged["operation"]): readonly QualifiedName[] => [
  ...(table === undefined ? [] : [table]),
  ...touches.filter(({ on }) => on.type === "table" || on.type === "column").map(({ on }) => on.name),
  ...(details.references ?? []),
  ...(details.referencedTable ? [details.referencedTable] : []),
];
