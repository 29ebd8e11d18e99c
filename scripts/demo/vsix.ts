import { createVSIX } from "@vscode/vsce";
import path from "node:path";
import { root } from "../host/paths.ts";

/** Packages the built extension; gives the path of the package. */
export async function packageExtension(folder: string): Promise<string> {
  const packagePath = path.join(folder, "retort.vsix");
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  return packagePath;
}
