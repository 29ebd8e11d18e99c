/** The graph page. It shows what the extension tells it and says what the person wants; it decides nothing. */
import type { FromPage, ToPage } from "../messages.ts";
import "./language.ts";
import { createBar } from "./bar.ts";
import { make } from "./dom.ts";
import { createList } from "./list.ts";
import { renderPanel } from "./panel.ts";
import { createSplitter } from "./splitter.ts";
import { createStore, densities, indexOf, search, selectedRow, take, type Remembered } from "./store.ts";
import { t } from "../../../l10n.ts";

interface Host {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: Remembered): void;
}
declare const acquireVsCodeApi: () => Host;

const host = acquireVsCodeApi();
const store = createStore(host.getState());
const projectId = (): string => store.project?.id ?? "";
const remember = (): void => {
  host.setState(store.remembered);
};

/** Asked for and not told yet. */
const asked = new Set<string>();
let wait: ReturnType<typeof setTimeout> | undefined;

const list = createList(store, {
  onSelect: (index) => {
    select(index);
    list.focus();
  },
  onOpen: (index) => {
    open(store.rows[index]?.id);
  },
  onScroll: (top) => {
    store.remembered.scrollTop = top;
    remember();
  },
  onNeed: (ids) => {
    // While somebody scrolls through thousands, only where they stop is asked for.
    clearTimeout(wait);
    wait = setTimeout(() => {
      const wanted = ids.filter((id) => !asked.has(id));
      for (const id of wanted) asked.add(id);
      if (wanted.length > 0) host.postMessage({ type: "glances", projectId: projectId(), ids: wanted });
    }, 60);
  },
});

const open = (id: string | undefined, line?: number): void => {
  if (id !== undefined)
    host.postMessage({ type: "open", projectId: projectId(), id, ...(line === undefined ? {} : { line }) });
};

const panel = make("aside", {
  class: "panel",
  attributes: { "aria-label": t("Details of the revision"), tabindex: "0" },
});
let shownInPanel = "";
const refreshPanel = (): void => {
  // Whoever reads or tabs through it keeps the place unless something is new.
  const row = selectedRow(store);
  const operations = store.operations?.id === row?.id ? store.operations : undefined;
  const shown = JSON.stringify([row, store.glances.get(row?.id ?? ""), operations, store.project]);
  if (shown === shownInPanel) return;
  shownInPanel = shown;
  panel.replaceChildren(
    ...renderPanel(store, {
      onOpen: open,
      onRun: (id, command) => {
        host.postMessage({ type: "run", projectId: projectId(), id, command });
      },
      onGo: (id) => {
        select(indexOf(store, id));
        list.focus();
      },
    }),
  );
};

const askOperations = (): void => {
  const row = selectedRow(store);
  if (row !== undefined) host.postMessage({ type: "operations", projectId: projectId(), id: row.id });
};

const select = (index: number): void => {
  const row = store.rows[index];
  if (row === undefined) return;
  const isNew = store.remembered.selected !== row.id;
  store.remembered.selected = row.id;
  list.show(index);
  list.refresh();
  remember();
  if (!isNew && store.operations?.id === row.id) return;
  panel.scrollTop = 0;
  askOperations();
  refreshPanel();
};

/** To the next place of the search, round and round. */
const step = (by: 1 | -1): void => {
  const found = store.found ?? [];
  const at = indexOf(store, store.remembered.selected);
  const next = by === 1 ? found.find((index) => index > at) : found.findLast((index) => index < at);
  const target = next ?? (by === 1 ? found[0] : found.at(-1));
  if (target !== undefined) select(target);
};

const setDensity = (density: number): void => {
  const at = list.element.scrollTop / (densities[store.remembered.density] ?? 1);
  store.remembered.density = density;
  document.body.dataset["density"] = String(density);
  list.refresh();
  list.element.scrollTop = at * (densities[density] ?? 1);
  remember();
};

const bar = createBar(store, {
  onChoose: (id) => {
    host.postMessage({ type: "choose", projectId: id });
  },
  onSearch: (text) => {
    store.remembered.search = text;
    search(store);
    const [first] = store.found ?? [];
    if (first !== undefined && !(store.found ?? []).includes(indexOf(store, store.remembered.selected)))
      list.show(first);
    list.refresh();
    bar.refresh();
    remember();
  },
  onStep: step,
  onDensity: setDensity,
  onExport: (format) => {
    host.postMessage({ type: "export", projectId: projectId(), format });
  },
  onHeads: (action) => {
    host.postMessage({ type: "heads", projectId: projectId(), action });
  },
});

const setPanelWidth = (width: number): void => {
  store.remembered.panelWidth = width;
  document.body.style.setProperty("--panel-width", `${String(width)}px`);
  remember();
};

const columns = make(
  "div",
  { class: "columns", attributes: { "aria-hidden": "true" } },
  ...["lanes", "state", "main", "findings", "lock", "mixed", "back", "id", "author", "age"].map((name) =>
    make("span", { class: `cell ${name}` }, titles(name)),
  ),
);
function titles(name: string): string {
  const words: Readonly<Record<string, string>> = {
    state: t("State"),
    main: t("Revision"),
    findings: t("Findings"),
    lock: t("Strongest lock"),
    back: t("Back"),
    id: t("ID"),
    author: t("Author"),
    age: t("Age"),
  };
  return words[name] ?? "";
}

const nothing = make("p", { class: "nothing", attributes: { role: "status" } });
const history = make(
  "section",
  { class: "history", attributes: { "aria-label": t("History") } },
  columns,
  list.element,
);
const main = make(
  "main",
  { class: "split" },
  history,
  createSplitter(() => store.remembered.panelWidth, setPanelWidth),
  panel,
);
bar.element.prepend(make("h1", { class: "hidden" }, t("Graph of the revisions")));
document.body.append(bar.element, main, nothing);

/** Keys of the list: the row that is selected has the keyboard. */
const moves: Readonly<Record<string, (at: number) => number | undefined>> = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  PageDown: (at) => at + list.page(),
  PageUp: (at) => at - list.page(),
  Home: () => 0,
  End: () => store.rows.length - 1,
  ArrowRight: (at) => indexOf(store, store.rows[at]?.parents[0]),
  ArrowLeft: (at) => store.rows.findIndex((row) => row?.parents.includes(store.rows[at]?.id ?? "") === true),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement;
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if ((event.key === "f" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !isTyping && isPlain)) {
    event.preventDefault();
    bar.focusSearch();
    return;
  }
  if (event.key === "F3") {
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
    return;
  }
  if (isTyping) {
    if (event.key === "Escape" || event.key === "ArrowDown") {
      event.preventDefault();
      list.focus();
    }
    return;
  }
  if (!isPlain) return;
  if (event.key === "+" || event.key === "-" || event.key === "=") {
    event.preventDefault();
    const by = event.key === "-" ? -1 : 1;
    setDensity(Math.min(densities.length - 1, Math.max(0, store.remembered.density + by)));
    return;
  }
  if (!list.isFocused()) return;
  const at = indexOf(store, store.remembered.selected);
  const move = moves[event.key];
  if (move !== undefined) {
    event.preventDefault();
    const to = at < 0 ? 0 : (move(at) ?? at);
    if (to < 0 && event.key.startsWith("ArrowL")) return;
    if (to < 0 && event.key === "ArrowRight") return;
    select(Math.min(store.rows.length - 1, Math.max(0, to)));
    list.focus();
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (at < 0) select(0);
    else open(store.rows[at]?.id);
  } else if (event.key === " ") {
    event.preventDefault();
    select(Math.max(0, at));
    panel.focus();
  }
});

let isPlaced = false;

const refresh = (): void => {
  nothing.hidden = store.nothing === undefined && store.project !== undefined && store.project.total > 0;
  nothing.textContent =
    store.nothing ?? (store.project === undefined ? t("Reading…") : t("The project has no revisions yet."));
  main.hidden = !nothing.hidden;
  document.body.style.setProperty("--lanes", `${String((Math.min(store.project?.lanes ?? 1, 16) + 1) * 14)}px`);
  bar.refresh();
  list.refresh();
};

window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  const before = store.project?.id;
  const standing = store.project;
  take(store, data);
  switch (data.type) {
    case "project":
      if (before !== data.project.id) asked.clear();
      refresh();
      if (standing?.canRun !== data.project.canRun || before !== data.project.id) refreshPanel();
      return;
    case "rows":
      refresh();
      refreshPanel();
      if (!isPlaced && store.rows.every((row) => row !== undefined)) place();
      return;
    case "stale":
      asked.clear();
      list.refresh();
      askOperations();
      return;
    case "glances":
      for (const { id } of data.glances) asked.delete(id);
      list.refresh();
      refreshPanel();
      return;
    case "operations":
      return refreshPanel();
    case "reveal":
      select(indexOf(store, data.id));
      list.focus();
      return;
    case "nothing":
      refresh();
  }
});

/** Where it was when it was put away; at first, where the database stands. */
const place = (): void => {
  isPlaced = true;
  const isKnown = selectedRow(store) !== undefined;
  if (isKnown) {
    list.element.scrollTop = store.remembered.scrollTop;
    askOperations();
  } else
    select(
      Math.max(
        0,
        store.rows.findIndex((row) => row?.state === "current"),
      ),
    );
  list.refresh();
  refreshPanel();
};

setPanelWidth(store.remembered.panelWidth);
document.body.dataset["density"] = String(store.remembered.density);
refresh();
refreshPanel();
host.postMessage({
  type: "ready",
  ...(store.remembered.projectId === undefined ? {} : { projectId: store.remembered.projectId }),
});
