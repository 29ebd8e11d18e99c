/** Does the way back bring the schema back? */
import { playedIn } from "../../facts/played.ts";
import type { Direction } from "../../model/revision.ts";
import { replayOf } from "../../project/replay.ts";
import { directionOf } from "../../schema/replay/replay.ts";
import { renderRemainder, tryRoundTrip } from "../../schema/round-trip.ts";
import { answer, type Answer, type Fact, type Reviewed } from "./answer.ts";

export function askWayBack(reviewed: Reviewed): Answer {
  const { file, project, upgrade } = reviewed;
  const { environment } = replayOf(project);
  const [up, down] = [file.upgrades, file.downgrades].map((directions) => directionOf(directions, environment));
  const changes = upgrade.some(({ operation: { effect } }) => effect === "schema" || effect === "data");
  if (!up || !changes) return answer("way-back", [], "the upgrade changes nothing that would have to be brought back");
  const facts = [...formFacts(down), ...schemaFacts(reviewed, up), ...rowFacts(reviewed, down)];
  return answer("way-back", facts, "upgrade, then downgrade gives the same schema again");
}

function formFacts(down: Direction | undefined): readonly Fact[] {
  switch (down?.form) {
    case "body":
      return [];
    case "raise":
      return [
        { verdict: "no", text: "downgrade() refuses, by intent", ...(down.nameRange && { range: down.nameRange }) },
      ];
    case "pass":
      return [{ verdict: "no", text: "downgrade() does nothing", ...(down.nameRange && { range: down.nameRange }) }];
    case "absent":
    case undefined:
      return [{ verdict: "no", text: "there is no downgrade()" }];
  }
}

function schemaFacts({ project, file }: Reviewed, up: Direction): readonly Fact[] {
  const before = playedIn(project, file, up)?.before;
  if (!before) return [{ verdict: "unknown", text: "the revision is not in the history" }];
  const trip = tryRoundTrip(before, file, replayOf(project).environment);
  if (!trip) return [];
  return [
    ...trip.differences.map((one): Fact => ({
      verdict: "no",
      text: `after upgrade and downgrade ${renderRemainder(one)}`,
    })),
    ...trip.contradictions.map(({ message, operation }): Fact => ({
      verdict: "no",
      text: message.replace(/\.$/, ""),
      range: operation.range,
    })),
    ...trip.doubts.map((doubt): Fact => ({ verdict: "unknown", text: `not known: ${doubt}` })),
  ];
}

/** Whether rows come back nobody can tell from the text. */
function rowFacts({ upgrade, dataChanges }: Reviewed, down: Direction | undefined): readonly Fact[] {
  if (down?.form !== "body") return [];
  const dropped = upgrade.filter(
    ({ operation: { kind }, isOnExistingTable }) => isOnExistingTable && /^drop_(?:column|table)$/.test(kind),
  );
  const changed = upgrade.filter(({ operation }) => dataChanges.has(operation));
  return [
    ...dropped.map(({ operation: { range, kind } }): Fact => ({
      verdict: "no",
      text: `the ${kind === "drop_table" ? "rows" : "values"} that are dropped do not come back`,
      range,
    })),
    ...changed.slice(0, 1).map(({ operation: { range } }): Fact => ({
      verdict: "unknown",
      text: "whether the rows are brought back is not compared",
      range,
    })),
  ];
}
