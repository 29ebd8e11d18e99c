/** An answer that is told again is the answer that would be computed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kept } from "../../server/src/host/kept-files.ts";
import { recall } from "../../server/src/host/recall.ts";
import type { FileSource } from "../../server/src/project/ports.ts";
import { memoryFiles, type MemoryFiles } from "../support/memory.ts";

/** Copies what it keeps, as a file does. */
function memoryKept(): Kept {
  const values = new Map<string, string>();
  return {
    read: (name) => JSON.parse(values.get(name) ?? "null") ?? undefined,
    write: (name, value) => void values.set(name, JSON.stringify(value)),
  };
}

/** Looks at the folder, and at those of its files whose names another file lists. */
async function look(files: FileSource): Promise<unknown> {
  const names = ((await files.read("/w/index")) ?? "").split(",");
  const entries = await files.list("/w");
  const texts: unknown[] = [];
  for (const name of names) texts.push(await files.read(`/w/${name}`).catch((error: unknown) => String(error)));
  return JSON.parse(JSON.stringify([entries, texts]));
}

function counted(kept: Kept, files: FileSource, isDoubtful = false) {
  const state = { computed: 0 };
  return {
    state,
    ask: () =>
      recall(kept, "look", files, async (witnessed) => {
        state.computed++;
        return { answer: await look(witnessed), isDoubtful };
      }),
  };
}

const sample = (): MemoryFiles => memoryFiles({ "/w/index": "a,b", "/w/a": "1", "/w/b": "2", "/w/c": "3" });

describe("an answer is told again", () => {
  test("where nothing has changed, and where only what was not looked at has", async () => {
    const files = sample();
    const { state, ask } = counted(memoryKept(), files);
    const first = await ask();
    files.texts.set("/w/c", "other");
    expect(await ask()).toEqual(first);
    expect(state.computed).toBe(1);
  });

  test.each<[string, (files: MemoryFiles) => void]>([
    ["a text", (files) => files.texts.set("/w/a", "other")],
    ["a folder", (files) => files.texts.set("/w/d", "")],
    ["which files are looked at", (files) => files.texts.set("/w/index", "a")],
    ["whether a file is there", (files) => files.texts.delete("/w/b")],
    ["whether a file can be read", (files) => files.lock("/w/b")],
  ])("not where %s has changed", async (_, change) => {
    const files = sample();
    const { state, ask } = counted(memoryKept(), files);
    await ask();
    change(files);
    expect(await ask()).toEqual(await look(files));
    expect(state.computed).toBe(2);
  });

  test("not where it has less in it than is wanted", async () => {
    const [files, kept] = [sample(), memoryKept()];
    const ask = (least: number): Promise<number> =>
      recall(
        kept,
        "look",
        files,
        async (witnessed) => {
          await look(witnessed);
          return { answer: least, isDoubtful: false };
        },
        (answer) => Promise.resolve(answer >= least),
      );
    expect([await ask(2), await ask(1), await ask(3), await ask(2)]).toEqual([2, 2, 3, 3]);
  });

  test("not where something went wrong", async () => {
    const { state, ask } = counted(memoryKept(), sample(), true);
    await ask();
    await ask();
    expect(state.computed).toBe(2);
  });

  test("not where a file changed while it was computed", async () => {
    const files = sample();
    const kept = memoryKept();
    const ask = () =>
      recall(kept, "look", files, async (witnessed) => {
        const before = await witnessed.read("/w/a");
        if (before === "1") files.texts.set("/w/a", "2");
        return { answer: [before, await witnessed.read("/w/a")], isDoubtful: false };
      });
    expect(await ask()).toEqual(["1", "2"]);
    files.texts.set("/w/a", "1");
    expect(await ask()).toEqual(["1", "2"]);
    expect(await ask()).toEqual(["2", "2"]);
  });
});

test("over random edits it never differs from what is computed", async () => {
  const name = fc.constantFrom("index", "a", "b", "c");
  const text = fc.constantFrom("", "a", "a,b", "c,a", "x");
  const edit = fc.record({ name, text: fc.option(text) });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 20 }), async (edits) => {
      const files = sample();
      const { ask } = counted(memoryKept(), files);
      for (const one of edits) {
        if (one.text === null) files.texts.delete(`/w/${one.name}`);
        else files.texts.set(`/w/${one.name}`, one.text);
        expect(await ask()).toEqual(await look(files));
      }
    }),
  );
});
