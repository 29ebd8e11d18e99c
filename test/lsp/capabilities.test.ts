import { expect, test } from "vitest";
import { readClient, serverCapabilities } from "../../server/src/lsp/capabilities.ts";
import { vscodeLike } from "./editor.ts";

test("an editor is told of everything that the server answers", () => {
  expect(serverCapabilities(readClient(vscodeLike, {}))).toMatchObject({
    hoverProvider: true,
    inlayHintProvider: true,
    codeActionProvider: { resolveProvider: true },
    diagnosticProvider: { workspaceDiagnostics: true },
  });
});
