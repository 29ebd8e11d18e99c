import { readHomepage } from "./version.ts";

/** Where the page of a rule is: on the web where the package says where that is, else within the package. */
export function pageOf(rule: string): string {
  const home = readHomepage();
  const page = `docs/rules/${rule}.md`;
  return home === undefined ? page : `${home.replace(/\/$/, "")}/${page}`;
}
