/** One run of Alembic per project at a time: two would wait for each other's locks. */
import type { ProjectNode } from "../../../server/src/protocol/index.ts";
import { showResult } from "../dialogs.ts";
import type { Services } from "../services.ts";
import { t } from "../l10n.ts";

const busy = new Set<string>();

/** Does nothing but say so where Alembic is at work on the project already. */
export const alone = async <T>(
  services: Pick<Services, "log" | "projects">,
  project: ProjectNode,
  action: () => Promise<T>,
): Promise<T | undefined> => {
  if (busy.has(project.id)) {
    showResult(t("Alembic is at work on {0}. Wait until it is done, or cancel it.", project.name), services.log);
    return undefined;
  }
  busy.add(project.id);
  try {
    return await action();
  } finally {
    busy.delete(project.id);
    services.projects.setRunning(project.id, undefined);
  }
};
