/** What a file shows by itself: found while it is read, in whichever thread that is, and kept with its reading. */
import { secluded } from "../facts/inquiry.ts";
import { findUnread, type Unread } from "../features/coverage.ts";
import type { MakeExtra } from "../host/reading/batches.ts";
import type { RevisionFile } from "../model/revision.ts";
import type { ProjectConfig } from "../project/snapshot.ts";
import { checkFile, type Checked } from "../rules/check.ts";
import { localRules } from "../rules/reach.ts";
import type { Settings } from "../settings/settings.ts";

/** What a file shows by itself under these settings. */
export interface Alone {
  /** By the rules that look at nothing but the file. */
  readonly checked: Checked;
  readonly unread: readonly Unread[];
}

export interface Circumstances {
  readonly config: ProjectConfig;
  readonly settings: Settings;
}

export function checkAlone(file: RevisionFile, { config, settings }: Circumstances): Alone {
  return {
    checked: checkFile(secluded(config), file, settings, localRules),
    unread: file.isRevision ? findUnread(file) : [],
  };
}

/** Undefined where a rule failed: that is to be seen again. */
export const aloneAsExtra: MakeExtra = (file, { config, circumstances }): Alone | undefined => {
  // The language server asks for none.
  if (circumstances === undefined) return undefined;
  const alone = checkAlone(file, { config, settings: circumstances as Settings });
  return alone.checked.failures.length > 0 ? undefined : alone;
};
