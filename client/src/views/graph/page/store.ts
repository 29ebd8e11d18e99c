/** What the page knows, and what it remembers of itself when the editor puts it away. */
import type { Glance, OperationsAnswer } from "../../../../../server/src/protocol/index.ts";
import type { PageProject, PageRow, ToPage } from "../messages.ts";
import { matches } from "../words.ts";

/** Heights of a row, the tightest first. */
export const densities = [20, 26, 34, 46] as const;

export interface Remembered {
  projectId?: string;
  selected?: string;
  density: number;
  panelWidth: number;
  search: string;
  scrollTop: number;
}

export interface Store {
  project: PageProject | undefined;
  projects: readonly { readonly id: string; readonly name: string }[];
  rows: (PageRow | undefined)[];
  readonly glances: Map<string, Glance>;
  /** Those of which something older than now is known. */
  readonly staleGlances: Set<string>;
  operations: { readonly id: string; readonly answer: OperationsAnswer } | undefined;
  nothing: string | undefined;
  readonly remembered: Remembered;
  /** Places of the rows that the search finds, in order; undefined: nothing is searched for. */
  found: readonly number[] | undefined;
}

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);

export function createStore(state: unknown): Store {
  const old = (typeof state === "object" && state !== null ? state : {}) as Partial<Record<keyof Remembered, unknown>>;
  const density = isNumber(old.density) && densities[old.density] !== undefined ? old.density : 1;
  return {
    project: undefined,
    projects: [],
    rows: [],
    glances: new Map(),
    staleGlances: new Set(),
    operations: undefined,
    nothing: undefined,
    found: undefined,
    remembered: {
      density,
      panelWidth: isNumber(old.panelWidth) ? old.panelWidth : 380,
      search: typeof old.search === "string" ? old.search : "",
      scrollTop: isNumber(old.scrollTop) ? old.scrollTop : 0,
      ...(typeof old.projectId === "string" ? { projectId: old.projectId } : {}),
      ...(typeof old.selected === "string" ? { selected: old.selected } : {}),
    },
  };
}

export const indexOf = (store: Store, id: string | undefined): number =>
  id === undefined ? -1 : store.rows.findIndex((row) => row?.id === id);

export const selectedRow = (store: Store): PageRow | undefined => store.rows[indexOf(store, store.remembered.selected)];

export function search(store: Store): void {
  const words = store.remembered.search.trim();
  store.found =
    words === ""
      ? undefined
      : store.rows.flatMap((row, index) => (row !== undefined && matches(row, words) ? [index] : []));
}

/** Takes a message in; what it changes is drawn by whoever calls. */
export function take(store: Store, message: ToPage): void {
  switch (message.type) {
    case "project": {
      const { project } = message;
      store.nothing = undefined;
      if (store.project?.id !== project.id) forget(store);
      store.project = project;
      store.projects = message.projects;
      store.rows = Array.from({ length: project.total }, (_, index) => store.rows[index]);
      store.remembered.projectId = project.id;
      return;
    }
    case "rows":
      if (message.projectId !== store.project?.id) return;
      message.rows.forEach((row, index) => (store.rows[message.from + index] = row));
      search(store);
      return;
    case "stale":
      for (const id of store.glances.keys()) store.staleGlances.add(id);
      return;
    case "glances":
      if (message.projectId !== store.project?.id) return;
      for (const glance of message.glances) {
        store.glances.set(glance.id, glance);
        store.staleGlances.delete(glance.id);
      }
      return;
    case "operations":
      if (message.projectId === store.project?.id) store.operations = { id: message.id, answer: message.answer };
      return;
    case "reveal":
      // What is shown is the page's affair.
      return;
    case "nothing":
      forget(store);
      store.project = undefined;
      store.nothing = message.why;
  }
}

function forget(store: Store): void {
  store.rows = [];
  store.glances.clear();
  store.staleGlances.clear();
  store.operations = undefined;
  store.found = undefined;
}
