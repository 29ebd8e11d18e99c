/** A line that tells how far a long run has come, where somebody looks at a terminal. */
import type { FileSource } from "../project/ports.ts";

export interface Progress {
  tell(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** Shorter runs need no line. */
const patience = 700;
const between = 100;

export function createProgress(write: (text: string) => void, now: () => number = () => performance.now()): Progress {
  const start = now();
  let last = -Infinity;
  let isShown = false;
  return {
    tell(text) {
      const at = now();
      if (at - start < patience || at - last < between) return;
      last = at;
      isShown = true;
      write(`\r\u001B[2K${text}`);
    },
    end() {
      if (isShown) write("\r\u001B[2K");
      isShown = false;
    },
  };
}

/** Tells of each revision that is read. */
export function countingFiles(files: FileSource, progress: Progress): FileSource {
  let count = 0;
  return {
    read: (path) => {
      if (path.endsWith(".py")) progress.tell(`Reading file ${++count} …`);
      return files.read(path);
    },
    list: (path) => files.list(path),
  };
}
