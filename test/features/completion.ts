/** What is offered at `<|>`. */
import { completionsAt } from "../../server/src/features/completion/index.ts";
import type { Completions } from "../../server/src/features/completion/place.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { absolute, openFixture, type FixtureOptions } from "../support/project.ts";

export interface Offered {
  readonly labels: readonly string[];
  readonly completions: Completions;
  readonly text: string;
  /** The line of the cursor, once the item with that label is taken. */
  take(label: string): string;
}

export async function complete(source: string, options: FixtureOptions = {}): Promise<Offered> {
  const { project, fixture } = await openFixture(source, { broken: true, ...options });
  const { cursor } = fixture;
  const file = cursor && project.files.get(absolute(cursor.path));
  if (!file) throw new Error("the fixture has no cursor in a revision file");
  const completions = completionsAt({ project, file, offset: cursor.offset });
  return {
    labels: completions.items.map(({ label }) => label),
    completions,
    text: file.text,
    take(label) {
      const item = completions.items.find((one) => one.label === label);
      if (!item)
        throw new Error(`${label} is not offered; but ${completions.items.map((one) => one.label).join(", ")}`);
      const text = applyEdits(file.text, [{ range: item.range, newText: item.newText }]);
      const start = file.text.lastIndexOf("\n", item.range.start - 1) + 1;
      const end = text.indexOf("\n", start);
      return text.slice(start, end < 0 ? undefined : end).trim();
    },
  };
}
