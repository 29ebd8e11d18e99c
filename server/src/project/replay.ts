/** The replay of a project's history, one for each snapshot. */
import type { Environment } from "../schema/replay/environment.ts";
import { Replay } from "../schema/replay/replay.ts";
import type { Project, ProjectConfig } from "./snapshot.ts";

const replays = new WeakMap<Project, Replay>();

/** By config, which stays the same value until it changes: what was played under it is kept. */
const environments = new WeakMap<ProjectConfig, Environment>();

export function environmentOf(config: ProjectConfig): Environment {
  const known = environments.get(config);
  if (known) return known;
  const [engine] = config.databases;
  const environment: Environment = {
    dialect: config.dialect,
    namingConvention: config.env ? config.env.namingConvention : new Map<string, string>(),
    ...(engine === undefined ? {} : { engine }),
  };
  environments.set(config, environment);
  return environment;
}

/** The latest under each environment, for what the next snapshot may take over. */
const latest = new WeakMap<Environment, Replay>();

/** Nothing is played before it is asked for. */
export function replayOf(project: Project): Replay {
  const known = replays.get(project);
  if (known) return known;
  const environment = environmentOf(project.config);
  const replay = new Replay(project.history, environment, latest.get(environment));
  latest.set(environment, replay);
  replays.set(project, replay);
  return replay;
}
