/** What can be written at a place of a revision file: names of the schema that the operation meets, and a few words. */
import { typingAt, type Typing } from "../../model/typing.ts";
import type { Schema, Table } from "../../schema/state.ts";
import { constraintTypes, referentialActions } from "./constants.ts";
import { columnsOf, constraintsOf, enumTypesIn, indexesOf, schemasIn, tablesIn, type Nameable } from "./names.ts";
import { limited } from "./limit.ts";
import { optionsOf } from "./options.ts";
import type { Completion, CompletionPlace, Completions } from "./place.ts";
import { completeRevisions } from "./revisions.ts";
import { schemaAt } from "./schema-at.ts";
import { completeSql, expectedIn } from "./sql.ts";

type NameTyping = Extract<Typing, { readonly kind: "name" }>;

const nothing: Completions = { items: [], isIncomplete: false };

export function completionsAt(place: CompletionPlace): Completions {
  const { project, file, offset } = place;
  const { dialect } = project.config;
  const typing = typingAt(file.text, offset, file.aliases.op);
  switch (typing?.kind) {
    case undefined:
      return nothing;
    case "revision":
      return completeRevisions(place, typing);
    case "option":
      return whole(
        [...optionsOf(typing.directive, typing.isBatch, dialect)].flatMap(([name, detail]) =>
          typing.given.includes(name)
            ? []
            : [
                {
                  kind: "option",
                  label: `${name}=`,
                  range: typing.range,
                  newText: `${name}=`,
                  filterText: name,
                  detail,
                },
              ],
        ),
      );
    case "sql": {
      const expected = expectedIn(typing, file.text, offset, dialect);
      const written = expected ? file.text.slice(expected.range.start, offset) : "";
      const schema = expected && schemaAt(project, file, typing.at);
      return schema ? completeSql(schema, typing, expected, { dialect, written }) : nothing;
    }
    case "name":
      return completeName(place, typing);
  }
}

const whole = (items: readonly Completion[]): Completions => ({ items, isIncomplete: false });

function completeName({ project, file }: CompletionPlace, typing: NameTyping): Completions {
  if (typing.of === "constraint_type") return whole(words(typing, constraintTypes));
  if (typing.of === "referential_action") return whole(words(typing, referentialActions));
  const schema = schemaAt(project, file, typing.at);
  if (!schema) return nothing;
  const { items, isIncomplete } = limited(nameables(schema, typing), typing.written, ({ name }) => name);
  return { items: items.flatMap((nameable) => toCompletion(nameable, typing)), isIncomplete };
}

const words = ({ slot }: NameTyping, known: Readonly<Record<string, string>>): readonly Completion[] =>
  Object.entries(known).map(([word, detail]) => ({
    kind: "value",
    label: word,
    range: slot.range,
    newText: word,
    detail,
  }));

function toCompletion(
  { kind, name, detail, doubt, subject }: Nameable,
  { slot, at }: NameTyping,
): readonly Completion[] {
  const newText = slot.escape(name);
  if (newText === undefined) return [];
  return [
    {
      kind,
      label: name,
      range: slot.range,
      newText,
      detail,
      ...(doubt === undefined ? {} : { doubt }),
      ...(subject ? { subject: { ...subject, at } } : {}),
    },
  ];
}

function nameables(schema: Schema, typing: NameTyping): readonly Nameable[] {
  const { of, table, written } = typing;
  const found = table && schema.table(table);
  const own: readonly Table[] = typeof found === "object" ? [found] : [];
  switch (of) {
    case "table":
      return tablesIn(schema, { schema: typing.schema });
    case "column":
      return own.flatMap(columnsOf);
    case "row_key":
      return own.flatMap(columnsOf).filter(({ name }) => fits(name, typing));
    case "constraint":
      return own.flatMap((one) => constraintsOf(one, typing.constraintType));
    case "index":
      return table
        ? own.flatMap(indexesOf)
        : [...schema.tables].flatMap(indexesOf).filter((one) => one.schema === typing.schema);
    case "schema":
      return schemasIn(schema);
    case "enum_type":
      return enumTypesIn(schema);
    case "target":
      return targets(schema, written);
    case "constraint_type":
    case "referential_action":
      return [];
  }
}

/** Rows have no other keys than the columns that their table is written with, and each once. */
const fits = (name: string, { row }: NameTyping): boolean =>
  row === undefined || ((row.columns.length === 0 || row.columns.includes(name)) && !row.given.includes(name));

/** `table.column`, with the schema in front where it is not the default: at first the keys, behind a table all of its columns. */
function targets(schema: Schema, written: string): readonly Nameable[] {
  return [...schema.tables].flatMap((table) => {
    const named = table.name.schema === undefined ? table.name.name : `${table.name.schema}.${table.name.name}`;
    const key = table.constraints.find(({ type }) => type === "primary_key")?.columns;
    const offered = columnsOf(table).filter(
      ({ name }) => written.startsWith(`${named}.`) || (key?.length === 1 && key[0] === name),
    );
    return offered.map((column) => ({ ...column, name: `${named}.${column.name}` }));
  });
}
