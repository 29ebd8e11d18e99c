/** The graph as a drawing that stands by itself: for a wiki, a review, a slide. */
import { lanesWidth, laneX, strokesOf } from "./lanes.ts";
import type { PageRow } from "./messages.ts";
import { badgeName, badgesOf, stateName } from "./words.ts";
import { t } from "../../l10n.ts";

const rowHeight = 24;
const textWidth = 760;
/** Readable on white, told apart also where colours are not: neighbours differ in lightness. */
const colours = ["#1a5fb4", "#b35c00", "#26734d", "#8a3ffc", "#a2184f", "#00697a"];

/** Characters that XML does not take at all are left out. */
const escapeXml = (text: string): string =>
  text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replaceAll(
      /[&<>"']/g,
      (one) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[one] ?? one,
    );

export function renderSvg(title: string, lanes: number, rows: readonly PageRow[]): string {
  const left = lanesWidth(lanes) + 6;
  const height = rows.length * rowHeight + 8;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(left + textWidth)}" height="${String(height)}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...rows.map((row, index) => renderRow(row, index * rowHeight + 4, left)),
    "</svg>",
    "",
  ].join("\n");
}

function renderRow(row: PageRow, top: number, left: number): string {
  const middle = top + rowHeight / 2;
  const colour = (lane: number): string => colours[lane % colours.length] ?? "#000000";
  const strokes = strokesOf(row.lane, row.lines, top, rowHeight).map(
    ({ path, lane }) => `<path d="${path}" fill="none" stroke="${colour(lane)}" stroke-width="2"/>`,
  );
  const isFilled = row.state === "applied" || row.state === "current";
  const x = String(laneX(row.lane));
  const dot = `<circle cx="${x}" cy="${String(middle)}" r="4.5" fill="${isFilled ? colour(row.lane) : "#ffffff"}" stroke="${colour(row.lane)}" stroke-width="2"/>`;
  const ring =
    row.state === "current"
      ? `<circle cx="${x}" cy="${String(middle)}" r="7.5" fill="none" stroke="${colour(row.lane)}" stroke-width="1.5"/>`
      : "";
  const notes = [...badgesOf(row).map(badgeName), stateName(row)].filter((one) => one !== "").join(" · ");
  const text =
    `<text x="${String(left)}" y="${String(middle + 4)}" fill="#1f2328">` +
    `<tspan font-family="ui-monospace, monospace" fill="#57606a">${escapeXml(row.shortId)}</tspan> ` +
    `<tspan dx="6">${escapeXml(row.message || t("(no message)"))}</tspan>` +
    (notes === "" ? "" : `<tspan dx="8" fill="#57606a">${escapeXml(notes)}</tspan>`) +
    "</text>";
  return [...strokes, dot, ring, text].filter((part) => part !== "").join("");
}
