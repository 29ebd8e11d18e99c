/** Beside the rows: the revision that is selected, with what it does, as SQL and locks. */
import type { FindingNode, OperationNode } from "../../../../../server/src/protocol/index.ts";
import { findingsInWords, stateWords } from "../../revisions/model.ts";
import type { PageRow, RevisionCommand } from "../messages.ts";
import { badgeName, badgesOf, lockInWords, wayBackInWords } from "../words.ts";
import { make } from "./dom.ts";
import { icon } from "./icons.ts";
import { selectedRow, type Store } from "./store.ts";
import { t } from "../../../l10n.ts";

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
        t("Select a revision to see what it does: its SQL, its locks, and what is found in it."),
      ),
    ];
  return [
    make("h2", {}, row.message || t("(no message)")),
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
    { class: "actions", attributes: { role: "toolbar", "aria-label": t("Actions on the revision") } },
    button(
      t("Open"),
      () => {
        onOpen(row.id);
      },
      "button primary",
    ),
    ...(canRun && (row.state === "pending" || row.state === "unknown")
      ? [run(t("Upgrade to Here"), "retort.upgradeTo")]
      : []),
    ...(canRun && row.state === "current" ? [run(t("Downgrade One"), "retort.downgradeOne")] : []),
    ...(canRun && (row.state === "applied" || row.state === "unknown")
      ? [run(t("Downgrade to Here"), "retort.downgradeTo")]
      : []),
    ...(isTrusted ? [run("SQL", "retort.showSql")] : []),
    run(t("Copy ID"), "retort.copyRevisionId"),
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
        : document.createTextNode(t("{0} (missing)", id)),
    ]);
  const children = store.rows.flatMap((one) => (one?.parents.includes(row.id) === true ? [one.id] : []));
  const text = (value: string): Node[] => (value === "" ? [] : [document.createTextNode(value)]);
  const facts: readonly (readonly [string, Node[]])[] = [
    [t("Revision"), text(row.id)],
    [t("State"), text([...badgesOf(row).map(badgeName), stateWords[row.state]].join(", "))],
    [
      row.isMerge ? t("Merges") : t("Revises"),
      row.parents.length > 0 ? links(row.parents) : text(t("nothing: the first one")),
    ],
    [t("Next"), children.length > 0 ? links(children) : []],
    [t("Depends on"), links(row.dependsOn)],
    [t("Branch"), text(row.labels.join(", "))],
    [t("Created"), text([row.date, row.author].filter((one) => one !== "").join(", "))],
    [t("File"), text(row.file)],
    [
      t("Strongest lock"),
      glance === undefined ? [] : text(lockInWords(glance) || t("none on tables that were there before")),
    ],
    [t("At stake"), text(sizes(glance?.tables ?? []))],
    [t("Way back"), glance === undefined ? [] : text(wayBackInWords(glance))],
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
  if (told?.id !== row.id) return [make("p", { class: "hint" }, t("Reading what it does…"))];
  const { answer } = told;
  if (!answer.ok) return [make("p", { class: "hint" }, answer.reason)];
  const { findings, directions } = answer;
  const count = findingsInWords(countOf(findings));
  return [
    ...(findings.length > 0
      ? [make("h3", {}, count), make("ul", { class: "told" }, ...findings.map((one) => findingItem(row, one, events)))]
      : []),
    ...directions.flatMap(({ name, engine, note, operations }) => [
      make("h3", {}, titleOf(name, engine)),
      ...(note === undefined ? [] : [make("p", { class: "hint" }, note)]),
      ...(operations.length > 0
        ? [make("ol", { class: "told" }, ...operations.map((one) => operationItem(row, one, events)))]
        : []),
    ]),
  ];
}

const titleOf = (name: "upgrade" | "downgrade", engine: string | undefined): string => {
  if (engine === undefined) return name === "upgrade" ? t("Upgrade") : t("Downgrade");
  return name === "upgrade" ? t("Upgrade of {0}", engine) : t("Downgrade of {0}", engine);
};

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
      make("span", { class: "hidden" }, `${severityNames[severity]}: `),
      make("span", { class: "text" }, `${message} `),
      button(
        t("{0}, line {1}", rule, range.start.line + 1),
        () => {
          onOpen(row.id, range.start.line);
        },
        "link",
      ),
    ),
  );

const severityNames: Readonly<Record<FindingNode["severity"], string>> = {
  error: t("error"),
  warning: t("warning"),
  information: t("hint"),
};

/** What a statement holds may be as long as a file; the rest is in the file. */
const longest = 4_000;
const clip = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}\n…` : text);

const effectNames: Readonly<Record<OperationNode["effect"], string>> = {
  schema: t("schema"),
  data: t("data"),
  other: "",
};

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
      ...(effect === "other" ? [] : [make("span", { class: `badge badge-${effect}` }, effectNames[effect])]),
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
