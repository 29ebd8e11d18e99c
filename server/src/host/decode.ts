/** Bytes of files as text. */
import { FileUnreadable } from "../project/ports.ts";

/**
 * UTF-8 without its byte-order mark; of a Python file that is none, the encoding that it declares.
 * @throws FileUnreadable where it is neither.
 */
export function decode(path: string, bytes: Uint8Array): string {
  const text = decodeAs("utf-8", bytes);
  if (text !== undefined) return text;
  const declared = path.endsWith(".py") ? declaredEncoding(bytes) : undefined;
  if (declared === undefined) throw new FileUnreadable(`${path} is not valid UTF-8.`);
  const decoded = decodeAs(declared, bytes);
  if (decoded === undefined) throw new FileUnreadable(`${path} is not valid ${declared}, which it says that it is.`);
  return decoded;
}

/** Python's names of the encoding whose bytes are its characters, and of Windows' version of it. */
const latin1 = new Set(["latin-1", "latin1", "l1", "iso-8859-1", "iso8859-1", "cp819", "8859"]);
const windows1252 = new Set(["cp1252", "windows-1252", "1252"]);

/** What Windows has from 0x80 to 0x9F, where Latin-1 has control characters. */
const windowsCharacters = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ";

/** Undefined where the bytes do not fit, or the encoding is not known here. */
function decodeAs(encoding: string, bytes: Uint8Array): string | undefined {
  const name = encoding.toLowerCase().replaceAll("_", "-");
  // The two are one for the web, and not for Python.
  if (latin1.has(name)) return Buffer.from(bytes).toString("latin1");
  if (windows1252.has(name)) {
    const text = Buffer.from(bytes).toString("latin1");
    return text.replaceAll(/[\u0080-\u009f]/g, (one) => windowsCharacters[one.charCodeAt(0) - 0x80] ?? one);
  }
  try {
    return new TextDecoder(name, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Far beyond any two lines that anyone writes at the top of a file. */
const longestTop = 1000;

/** `# -*- coding: latin-1 -*-` in one of the first two lines, as Python looks for it (PEP 263). */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const [first = "", second = ""] = Buffer.from(bytes.subarray(0, longestTop))
    .toString("latin1")
    .split(/\r\n|\r|\n/, 2);
  const declared = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;
  const isBlank = /^[ \t\f]*(?:#|$)/.test(first);
  return (declared.exec(first) ?? (isBlank ? declared.exec(second) : null))?.[1];
}
