/** The rows in sight, and no others: a history of ten thousand is scrolled as one of ten. */
import type { Store } from "./store.ts";
import { densities, indexOf } from "./store.ts";
import { make } from "./dom.ts";
import { renderRow } from "./row.ts";
import { t } from "../../../l10n.ts";

export interface List {
  readonly element: HTMLElement;
  /** Draws anew what is in sight. */
  readonly refresh: () => void;
  /** Scrolls only as far as needed. */
  readonly show: (index: number) => void;
  readonly focus: () => void;
  readonly isFocused: () => boolean;
  /** How many rows fit. */
  readonly page: () => number;
}

export interface ListEvents {
  readonly onSelect: (index: number) => void;
  readonly onOpen: (index: number) => void;
  readonly onScroll: (top: number) => void;
  /** Of these revisions nothing is known yet, or what is known is old. */
  readonly onNeed: (ids: readonly string[]) => void;
}

/** Rows drawn beyond each edge, so that a quick scroll shows no gap. */
const overscan = 12;

export function createList(store: Store, events: ListEvents): List {
  const rows = make("div", {
    class: "rows",
    attributes: { role: "listbox", "aria-label": t("Revisions, newest first") },
  });
  const element = make("div", { class: "scroller" }, rows);
  const drawn = new Map<number, HTMLElement>();
  let scheduled = false;

  const height = (): number => densities[store.remembered.density] ?? 26;
  const selected = (): number => indexOf(store, store.remembered.selected);

  const draw = (index: number, focused: boolean): void => {
    const row = store.rows[index];
    const { project, found } = store;
    if (row === undefined || project === undefined) return;
    const isFound = found?.includes(index) === true;
    const isSelected = index === selected();
    const made = renderRow(row, store.glances.get(row.id), {
      index,
      height: height(),
      isSelected,
      isFound,
      isDimmed: found !== undefined && !isFound,
      project,
    });
    if (isSelected || (selected() < 0 && index === 0)) made.tabIndex = 0;
    const old = drawn.get(index);
    if (old === undefined) rows.append(made);
    else old.replaceWith(made);
    drawn.set(index, made);
    if (focused) made.focus({ preventScroll: true });
  };

  const inSight = (): readonly [number, number] => {
    const first = Math.floor(element.scrollTop / height());
    const last = Math.ceil((element.scrollTop + element.clientHeight) / height());
    return [Math.max(0, first), Math.min(store.rows.length, last)];
  };

  /** @param again also rows that are drawn already */
  const update = (again: boolean): void => {
    const [first, last] = inSight();
    const focused = drawn.get(selected())?.contains(document.activeElement) === true;
    const wanted = new Set<number>();
    for (let index = Math.max(0, first - overscan); index < Math.min(store.rows.length, last + overscan); index++)
      wanted.add(index);
    // The row that has the keyboard stays, wherever it is: focus would be lost with it.
    if (selected() >= 0) wanted.add(selected());
    for (const [index, row] of drawn) {
      if (wanted.has(index)) continue;
      row.remove();
      drawn.delete(index);
    }
    for (const index of wanted) if (again || !drawn.has(index)) draw(index, focused && index === selected());
    // Whoever comes by Tab finds a row.
    if (selected() < 0) drawn.get(Math.min(...wanted))?.setAttribute("tabindex", "0");
    const needed = store.rows
      .slice(first, last)
      .flatMap((row) =>
        row !== undefined && (!store.glances.has(row.id) || store.staleGlances.has(row.id)) ? [row.id] : [],
      );
    if (needed.length > 0) events.onNeed(needed);
  };

  element.addEventListener("scroll", () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      update(false);
      events.onScroll(element.scrollTop);
    });
  });
  const indexAt = (event: Event): number => {
    const row = event.target instanceof Element ? event.target.closest("[data-index]") : null;
    return row === null ? -1 : Number(row.getAttribute("data-index"));
  };
  for (const kind of ["click", "contextmenu"])
    rows.addEventListener(kind, (event) => {
      if (indexAt(event) >= 0) events.onSelect(indexAt(event));
    });
  rows.addEventListener("dblclick", (event) => {
    if (indexAt(event) >= 0) events.onOpen(indexAt(event));
  });
  new ResizeObserver(() => {
    update(false);
  }).observe(element);

  return {
    element,
    refresh: () => {
      rows.style.height = `${String(store.rows.length * height())}px`;
      update(true);
    },
    show: (index) => {
      const top = index * height();
      if (top < element.scrollTop) element.scrollTop = top;
      else if (top + height() > element.scrollTop + element.clientHeight)
        element.scrollTop = top + height() - element.clientHeight;
    },
    focus: () => {
      const index = selected();
      (drawn.get(index) ?? rows.querySelector<HTMLElement>('[tabindex="0"]'))?.focus({ preventScroll: true });
    },
    isFocused: () => rows.contains(document.activeElement),
    page: () => Math.max(1, Math.floor(element.clientHeight / height()) - 1),
  };
}
