/**
 * What another thread has made of a file, in a form that goes from thread to thread at little cost. All of a reading is
 * thousands of small objects; most files are only asked for their place in the history and for their findings.
 */
import { deserialize, serialize } from "node:v8";
import { findUnread, type Unread } from "../../features/coverage.ts";
import { readRevision } from "../../model/read.ts";
import type { RevisionFile } from "../../model/revision.ts";
import type { Project, ProjectConfig } from "../../project/snapshot.ts";
import { checkFile, type Checked } from "../../rules/check.ts";
import { rules } from "../../rules/index.ts";
import type { Settings } from "../../settings/settings.ts";

/** What a file shows by itself under these settings. */
export interface Alone {
  /** By the rules that look at nothing but the file. */
  readonly checked: Checked;
  readonly unread: readonly Unread[];
}

/** The parts that fill memory; whatever else a reading has is small, and the history asks each file for it. */
type Whole = Pick<RevisionFile, "upgrades" | "downgrades">;
type Small = Omit<RevisionFile, keyof Whole | "text">;

export interface Summary extends Alone {
  readonly small: Small;
  /** Serialised `Whole`; left out where the file can be read again at any time and hardly will be. */
  readonly whole?: Uint8Array;
}

export interface Circumstances {
  readonly config: ProjectConfig;
  readonly settings: Settings;
}

export const localRules = rules.filter(({ detect, reach }) => detect && reach === "file");
export const widerRules = rules.filter(({ detect, reach }) => detect && reach !== "file");

export function checkAlone(file: RevisionFile, { config, settings }: Circumstances): Alone {
  return {
    checked: checkFile(secluded(config), file, settings, localRules),
    unread: file.isRevision ? findUnread(file) : [],
  };
}

/** A project that shows nothing but its config: a rule that says it looks at one file only is shown no other. */
function secluded(config: ProjectConfig): Project {
  const refuse = (): never => {
    throw new Error("a rule for single files looked at the project");
  };
  return {
    id: "",
    config,
    problems: [],
    get files() {
      return refuse();
    },
    get history() {
      return refuse();
    },
  };
}

/** `needsModules`: the reading depends on other modules, so that it cannot be made again from the text alone. */
export function summarise(file: RevisionFile, circumstances: Circumstances, needsModules: boolean): Summary {
  const { text: _text, upgrades, downgrades, ...small } = file;
  const alone = checkAlone(file, circumstances);
  const isWanted =
    needsModules || widerRules.length > 0 || alone.checked.findings.some(({ refactorings }) => refactorings.length > 0);
  return {
    small,
    ...alone,
    ...(isWanted ? { whole: serialize({ upgrades, downgrades } satisfies Whole) } : {}),
  };
}

type Made = { readonly make: () => Whole };
const makers = new WeakMap<object, Made>();

const wholeNames = ["upgrades", "downgrades"] as const;

/** Of all restored files the same, so that a file costs no more than its values. */
const lazily = Object.fromEntries(
  wholeNames.map((name): [string, PropertyDescriptor] => [
    name,
    {
      enumerable: true,
      configurable: true,
      get(this: object) {
        const made = makers.get(this)?.make();
        for (const one of wholeNames)
          Object.defineProperty(this, one, { value: made?.[one], enumerable: true, configurable: true });
        return made?.[name];
      },
    },
  ]),
);

/** The file again: its larger parts are made when one of them is first asked for, and stay. */
export function restore({ small, whole }: Summary, text: string, { config }: Circumstances): RevisionFile {
  const file = Object.defineProperties({ ...small, text }, lazily);
  makers.set(file, {
    make: () => (whole ? (deserialize(whole) as Whole) : readRevision(small.path, text, { dialect: config.dialect })),
  });
  return file as RevisionFile;
}
