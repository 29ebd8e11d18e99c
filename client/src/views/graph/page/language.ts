/** Takes the words that came with the page before any module that keeps a text is evaluated: imported first of all. */
import { translateBy } from "../../../l10n.ts";

const { words } = document.body.dataset;
if (words !== undefined)
  translateBy(JSON.parse(words) as Readonly<Record<string, string>>, document.documentElement.lang);
