/** Beside the rows: the revision that is selected, with what it does, as SQL and locks. */
import type { FindingNode, OperationNode } from "../../../../../server/src/protocol/index.ts";
import { findingsInWords, stateWords } from "../../revisions/model.ts";
import type { PageRow, RevisionCommand } from "../messages.ts";
import { badgesOf, lockInWords, wayBackInWords } from "../words.ts";
import { make } from "./dom.ts";
import { icon } from "./icons.ts";
import { selectedRow, type Store } from "./store.ts";

export interface PanelEvents {
  readonly onOpen: (id: string, line?: number) => void;
  readonly onRun: (id: string, command: RevisionCommand) => void;
  readonly onGo: (id: string) => void;
}

export function renderPanel(store: Store, events: PanelEvents): readonly Node[] {
  const row = selectedRow(store);
  if (row === undefined)
    return [
      make(
        "p",
        { class: "hint" },
        "Select a revision to see what it does: its SQL, its locks, and what is found in it.",
      ),
    ];
  return [
    make("h2", {}, row.message || "(no message)"),
    actionBar(store, row, events),
    factList(store, row, events),
    ...renderOperations(store, row, events),
  ];
}

const button = (title: string, onClick: () => void, name = "button"): HTMLButtonElement =>
  make("button", { class: name, attributes: { type: "button" }, on: { click: onClick } }, title);

function actionBar({ project }: Store, row: PageRow, { onOpen, onRun }: PanelEvents): HTMLElement {
  const run = (title: string, command: RevisionCommand): HTMLButtonElement =>
    button(title, () => {
      onRun(row.id, command);
    });
  const canRun = project?.canRun === true;
  const isTrusted = project?.isTrusted === true;
  return make(
    "div",
    { class: "actions", attributes: { role: "toolbar", "aria-label": "Actions on the revision" } },
    button(
      "Open",
      () => {
        onOpen(row.id);
      },
      "button primary",
    ),
    ...(canRun && (row.state === "pending" || row.state === "unknown")
      ? [run("Upgrade to Here", "retort.upgradeTo")]
      : []),
    ...(canRun && row.state === "current" ? [run("Downgrade One", "retort.downgradeOne")] : []),
    ...(canRun && (row.state === "applied" || row.state === "unknown")
      ? [run("Downgrade to Here", "retort.downgradeTo")]
      : []),
    ...(isTrusted ? [run("SQL", "retort.showSql")] : []),
    run("Copy ID", "retort.copyRevisionId"),
  );
}

function factList(store: Store, row: PageRow, { onGo }: PanelEvents): HTMLElement {
  const glance = store.glances.get(row.id);
  const names = new Set(store.rows.map((one) => one?.id));
  const links = (ids: readonly string[]): Node[] =>
    ids.flatMap((id, index) => [
      ...(index > 0 ? [document.createTextNode(", ")] : []),
      names.has(id)
        ? button(
            id,
            () => {
              onGo(id);
            },
            "link",
          )
        : document.createTextNode(`${id} (missing)`),
    ]);
  const children = store.rows.flatMap((one) => (one?.parents.includes(row.id) === true ? [one.id] : []));
  const text = (value: string): Node[] => (value === "" ? [] : [document.createTextNode(value)]);
  const facts: readonly (readonly [string, Node[]])[] = [
    ["Revision", text(row.id)],
    ["State", text([...badgesOf(row).map((one) => one.toLowerCase()), stateWords[row.state]].join(", "))],
    [row.isMerge ? "Merges" : "Revises", row.parents.length > 0 ? links(row.parents) : text("nothing: the first one")],
    ["Next", children.length > 0 ? links(children) : []],
    ["Depends on", links(row.dependsOn)],
    ["Branch", text(row.labels.join(", "))],
    ["Created", text([row.date, row.author].filter((one) => one !== "").join(", "))],
    ["File", text(row.file)],
    [
      "Strongest lock",
      glance === undefined ? [] : text(lockInWords(glance) || "none on tables that were there before"),
    ],
    ["At stake", text(sizes(glance?.tables ?? []))],
    ["Way back", glance === undefined ? [] : text(wayBackInWords(glance))],
  ];
  const shown = facts.filter(([, nodes]) => nodes.length > 0);
  return make(
    "dl",
    { class: "facts" },
    ...shown.flatMap(([name, nodes]) => [make("dt", {}, name), make("dd", {}, ...nodes)]),
  );
}

const sizes = (tables: readonly { readonly table: string; readonly size?: string }[]): string =>
  tables.flatMap(({ table, size }) => (size === undefined ? [] : [`${table}: ${size}`])).join("; ");

function renderOperations(store: Store, row: PageRow, events: PanelEvents): readonly Node[] {
  const told = store.operations;
  if (told?.id !== row.id) return [make("p", { class: "hint" }, "Reading what it does…")];
  const { answer } = told;
  if (!answer.ok) return [make("p", { class: "hint" }, answer.reason)];
  const { findings, directions } = answer;
  const count = findingsInWords(countOf(findings));
  return [
    ...(findings.length > 0
      ? [make("h3", {}, count), make("ul", { class: "told" }, ...findings.map((one) => findingItem(row, one, events)))]
      : []),
    ...directions.flatMap(({ name, engine, note, operations }) => [
      make("h3", {}, `${name === "upgrade" ? "Upgrade" : "Downgrade"}${engine === undefined ? "" : ` of ${engine}`}`),
      ...(note === undefined ? [] : [make("p", { class: "hint" }, note)]),
      ...(operations.length > 0
        ? [make("ol", { class: "told" }, ...operations.map((one) => operationItem(row, one, events)))]
        : []),
    ]),
  ];
}

const countOf = (findings: readonly FindingNode[]): PageRow["findings"] => {
  const of = (severity: FindingNode["severity"]): number => findings.filter((one) => one.severity === severity).length;
  return { error: of("error"), warning: of("warning"), information: of("information") };
};

const findingItem = (
  row: PageRow,
  { rule, severity, message, range }: FindingNode,
  { onOpen }: PanelEvents,
): HTMLElement =>
  make(
    "li",
    { class: `finding count-${severity}` },
    icon(severity),
    make(
      "span",
      {},
      make("span", { class: "hidden" }, `${severity}: `),
      make("span", { class: "text" }, `${message} `),
      button(
        `${rule}, line ${String(range.start.line + 1)}`,
        () => {
          onOpen(row.id, range.start.line);
        },
        "link",
      ),
    ),
  );

/** What a statement holds may be as long as a file; the rest is in the file. */
const longest = 4_000;
const clip = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}\n…` : text);

function operationItem(row: PageRow, operation: OperationNode, { onOpen }: PanelEvents): HTMLElement {
  const { title, effect, sql, impacts, doubt, range } = operation;
  const line = range.start.line;
  return make(
    "li",
    {},
    make(
      "div",
      { class: "operation" },
      button(
        title,
        () => {
          onOpen(row.id, line);
        },
        "link",
      ),
      ...(effect === "other" ? [] : [make("span", { class: `badge badge-${effect}` }, effect)]),
    ),
    ...(sql.length > 0
      ? [
          make(
            "pre",
            { class: "sql", attributes: { tabindex: "0", role: "group", "aria-label": "SQL" } },
            clip(sql.join("\n")),
          ),
        ]
      : []),
    ...(impacts.length > 0 ? [make("ul", { class: "impacts" }, ...impacts.map((one) => make("li", {}, one)))] : []),
    ...(doubt === undefined ? [] : [make("p", { class: "hint" }, doubt)]),
  );
}
