/** Above the rows: which project, what is searched for, how dense, and what to do with several heads. */
import type { FromPage } from "../messages.ts";
import { make } from "./dom.ts";
import { densities, type Store } from "./store.ts";
import { inDigits, t } from "../../../l10n.ts";

export interface BarEvents {
  readonly onChoose: (projectId: string) => void;
  readonly onSearch: (text: string) => void;
  /** To the next place that was found, or the one before. */
  readonly onStep: (by: 1 | -1) => void;
  readonly onDensity: (density: number) => void;
  readonly onExport: (format: Extract<FromPage, { type: "export" }>["format"]) => void;
  readonly onHeads: (action: string) => void;
}

export interface Bar {
  readonly element: HTMLElement;
  readonly refresh: () => void;
  readonly focusSearch: () => void;
}

export function createBar(store: Store, events: BarEvents): Bar {
  const project = make("select", {
    class: "project",
    attributes: { "aria-label": t("Project") },
    on: {
      change: () => {
        events.onChoose(project.value);
      },
    },
  });
  const summary = make("span", { class: "summary" });
  const search = make("input", {
    class: "search",
    attributes: {
      type: "search",
      placeholder: t("Search: words, ids, pending, head, warning…"),
      "aria-label": t("Search revisions"),
      spellcheck: "false",
    },
  });
  search.value = store.remembered.search;
  search.addEventListener("input", () => {
    events.onSearch(search.value);
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    events.onStep(event.shiftKey ? -1 : 1);
  });
  const count = make("span", { class: "count", attributes: { role: "status", "aria-live": "polite" } });
  const press = (label: string, text: string, onClick: () => void): HTMLButtonElement =>
    make(
      "button",
      { class: "tool", attributes: { type: "button", "aria-label": label, title: label }, on: { click: onClick } },
      text,
    );
  const density = (by: number): void => {
    events.onDensity(Math.min(densities.length - 1, Math.max(0, store.remembered.density + by)));
  };
  const notice = make("div", { class: "notice", attributes: { role: "region", "aria-label": t("Heads") } });
  const element = make(
    "header",
    { class: "top" },
    make(
      "div",
      { class: "bar" },
      project,
      summary,
      search,
      count,
      press(t("Denser rows (−)"), "−", () => {
        density(-1);
      }),
      press(t("Roomier rows (+)"), "+", () => {
        density(1);
      }),
      press(t("Export as SVG drawing"), "SVG", () => {
        events.onExport("svg");
      }),
      press(t("Export as Mermaid diagram"), "Mermaid", () => {
        events.onExport("mermaid");
      }),
    ),
    notice,
  );

  const refreshNotice = (): void => {
    const heads = store.project?.heads ?? [];
    notice.hidden = heads.length < 2;
    if (notice.hidden) return;
    notice.replaceChildren(
      make("span", {}, t("{0} heads: “upgrade head” is refused until there is one.", heads.length)),
      ...(store.project?.headActions ?? []).map(({ id, title }) =>
        make(
          "button",
          {
            class: "button",
            attributes: { type: "button" },
            on: {
              click: () => {
                events.onHeads(id);
              },
            },
          },
          `${title}…`,
        ),
      ),
    );
  };

  return {
    element,
    focusSearch: () => {
      search.focus();
      search.select();
    },
    refresh: () => {
      const { projects, found } = store;
      project.hidden = projects.length < 2;
      project.replaceChildren(...projects.map(({ id, name }) => make("option", { attributes: { value: id } }, name)));
      if (store.project !== undefined) project.value = store.project.id;
      summary.textContent = store.project === undefined ? "" : summarize(store);
      count.textContent =
        found === undefined ? "" : found.length === 0 ? t("nothing found") : t("{0} found", inDigits(found.length));
      refreshNotice();
    },
  };
}

function summarize({ project }: Store): string {
  if (project === undefined) return "";
  const { total, heads, standing } = project;
  const revisions = total === 1 ? t("1 revision") : t("{0} revisions", inDigits(total));
  return [revisions, ...(heads.length > 1 ? [t("{0} heads", heads.length)] : []), standing].join(" · ");
}
