/** One row: its part of the drawing, and what is known of the revision. */
import type { Glance } from "../../../../../server/src/protocol/index.ts";
import { findingsInWords } from "../../revisions/model.ts";
import { laneX, lanesWidth, strokesOf } from "../lanes.ts";
import type { PageProject, PageRow } from "../messages.ts";
import { badgeName, badgesOf, lockInWords, modeInWords, rowInWords, stateName, wayBackInWords } from "../words.ts";
import { draw, make } from "./dom.ts";
import { icon } from "./icons.ts";
import { t } from "../../../l10n.ts";

/** Colours of lanes that there are in the style sheet. */
const laneColours = 6;
const laneClass = (lane: number): string => `lane-${String(lane % laneColours)}`;

export interface RowPlace {
  readonly index: number;
  readonly height: number;
  readonly isSelected: boolean;
  readonly isFound: boolean;
  readonly isDimmed: boolean;
  readonly project: PageProject;
}

export function renderRow(row: PageRow, glance: Glance | undefined, place: RowPlace): HTMLElement {
  const { index, height, project } = place;
  const marks = [place.isFound ? "found" : "", place.isDimmed ? "dimmed" : ""].filter((one) => one !== "");
  const element = make(
    "div",
    {
      class: ["row", `state-${row.state}`, ...marks].join(" "),
      attributes: {
        role: "option",
        id: `row-${String(index)}`,
        "aria-selected": String(place.isSelected),
        "aria-posinset": String(index + 1),
        "aria-setsize": String(project.total),
        tabindex: "-1",
        "data-index": String(index),
        "data-vscode-context": JSON.stringify({
          webviewSection: "revision",
          retortState: row.state,
          projectId: project.id,
          revision: row.id,
          preventDefaultContextMenuItems: true,
        }),
      },
    },
    drawLanes(row, project.lanes, height),
    make("span", { class: "cell state" }, stateName(row)),
    messageCell(row),
    findingsCell(row),
    ...glanceCells(glance),
    make("span", { class: "cell id" }, row.shortId),
    make("span", { class: "cell author" }, row.author),
    make("span", { class: "cell age", attributes: row.date === "" ? {} : { title: row.date } }, row.age),
  );
  // Who hears the row hears whole words, also of columns that there is no room for.
  for (const cell of element.children) cell.setAttribute("aria-hidden", "true");
  element.append(make("span", { class: "hidden" }, rowInWords(row, glance)));
  element.style.transform = `translateY(${String(index * height)}px)`;
  return element;
}

function drawLanes(row: PageRow, lanes: number, height: number): SVGSVGElement {
  const width = lanesWidth(lanes);
  const [x, y] = [String(laneX(row.lane)), String(height / 2)];
  const strokes = strokesOf(row.lane, row.lines, 0, height).map(({ path, lane }) =>
    draw("path", { d: path, class: `stroke ${laneClass(lane)}` }),
  );
  const broken =
    row.missing.length > 0 ? [draw("path", { d: `M${x} ${y}V${String(height)}`, class: "stroke broken" })] : [];
  const ring = row.state === "current" ? [draw("circle", { cx: x, cy: y, r: "7", class: "ring" })] : [];
  return draw(
    "svg",
    { class: "lanes", width: String(width), height: String(height), "aria-hidden": "true" },
    ...strokes,
    ...broken,
    ...ring,
    draw("circle", { cx: x, cy: y, r: "4.5", class: `dot ${laneClass(row.lane)}` }),
  );
}

function messageCell(row: PageRow): HTMLElement {
  const badges = badgesOf(row).map((badge) =>
    make("span", { class: `badge badge-${badge}` }, badgeName(badge).toUpperCase()),
  );
  const labels = row.labels.map((label) => make("span", { class: "badge badge-label" }, label));
  const text = make("span", { class: "message", attributes: { title: row.message } }, row.message || t("(no message)"));
  const missing =
    row.missing.length > 0
      ? [make("span", { class: "missing" }, t("parent {0} is missing", row.missing.join(", ")))]
      : [];
  return make("span", { class: "cell main" }, ...badges, ...labels, text, ...missing);
}

function findingsCell({ findings }: PageRow): HTMLElement {
  const parts = (["error", "warning", "information"] as const)
    .filter((severity) => findings[severity] > 0)
    .map((severity) => make("span", { class: `count count-${severity}` }, icon(severity), String(findings[severity])));
  return make("span", { class: "cell findings", attributes: { title: findingsInWords(findings) } }, ...parts);
}

/** Cells are there before what they tell is known, so that nothing moves when it comes. */
function glanceCells(glance: Glance | undefined): readonly HTMLElement[] {
  if (glance === undefined) return ["lock", "mixed", "back"].map((name) => make("span", { class: `cell ${name}` }));
  return [lockCell(glance), mixedCell(glance), backCell(glance)];
}

function lockCell(glance: Glance): HTMLElement {
  const { lock, isPartlyUnknown } = glance;
  const title = { title: [lockInWords(glance), lock?.size ?? ""].filter((one) => one !== "").join("\n") };
  if (lock === undefined) {
    const unknown = isPartlyUnknown ? [make("span", { class: "muted" }, t("not known"))] : [];
    return make("span", { class: "cell lock", attributes: title }, ...unknown);
  }
  const strength = /reads/.test(lock.blocks) ? "reads" : /writes/.test(lock.blocks) ? "writes" : "nobody";
  return make(
    "span",
    { class: `cell lock blocks-${strength}`, attributes: title },
    icon("lock"),
    make("span", { class: "table" }, lock.table),
    make("span", { class: "mode" }, modeInWords(lock.mode)),
    ...(isPartlyUnknown ? [make("span", { class: "muted" }, "+ ?")] : []),
  );
}

const mixedCell = ({ isMixed }: Glance): HTMLElement =>
  make(
    "span",
    { class: "cell mixed", ...(isMixed ? { attributes: { title: t("It changes schema and rows at once.") } } : {}) },
    ...(isMixed ? [make("span", { class: "badge badge-mixed" }, t("mixed"))] : []),
  );

function backCell(glance: Glance): HTMLElement {
  const { wayBack } = glance;
  const sign =
    wayBack === "unknown" ? make("span", { class: "muted" }, "?") : icon(wayBack === "yes" ? "back" : "noBack");
  return make("span", { class: `cell back back-${wayBack}`, attributes: { title: wayBackInWords(glance) } }, sign);
}
