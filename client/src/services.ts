import type { RunProblems } from "./alembic/problems.ts";
import type { Toolchain } from "./alembic/toolchain.ts";
import type { StandingReader } from "./database/read.ts";
import type { DatabaseSources } from "./database/sources.ts";
import type { VirtualDocuments } from "./documents/virtual.ts";
import type { Pages } from "./documents/pages.ts";
import type { Engine } from "./engine.ts";
import type { Log } from "./log.ts";
import type { Memory } from "./memory.ts";
import type { Projects } from "./projects.ts";
import type { DatabaseLook } from "./database/overview.ts";
import type { DatabaseView } from "./views/database/tree.ts";
import type { GraphPage } from "./views/graph/panel.ts";
import type { Resources } from "./resources.ts";
import type { RevisionsView } from "./views/revisions/tree.ts";

/** What the commands work with. */
export interface Services {
  readonly engine: Engine;
  readonly projects: Projects;
  readonly toolchain: Toolchain;
  readonly sources: DatabaseSources;
  readonly standings: StandingReader;
  readonly documents: VirtualDocuments;
  readonly pages: Pages;
  readonly view: RevisionsView;
  readonly memory: Memory;
  /** Files that come with the extension. */
  readonly resources: Resources;
  readonly runProblems: RunProblems;
  readonly graph: GraphPage;
  readonly look: DatabaseLook;
  readonly database: DatabaseView;
  readonly log: Log;
}
