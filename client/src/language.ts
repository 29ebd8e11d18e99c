/** Loads the editor's language before any module that keeps a text is evaluated: imported first of all. */
import * as vscode from "vscode";
import { translateBy } from "./l10n.ts";

translateBy(vscode.l10n.bundle, vscode.env.language);
