/** Python's `repr()` of a string, and `ascii()`, as far as revision files and their names need it. */
export function renderRepr(value: string, { ascii = false }: { readonly ascii?: boolean } = {}): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  return quote + [...value].map((character) => renderCharacter(character, quote, ascii)).join("") + quote;
}

const named: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** What Python does not count as printable: separators other than the space, and what Unicode has no character for. */
const unprintable = /^[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]$/u;

function renderCharacter(character: string, quote: string, ascii: boolean): string {
  if (character === quote) return `\\${quote}`;
  const name = Object.hasOwn(named, character) ? named[character] : undefined;
  if (name !== undefined) return name;
  const code = character.codePointAt(0) ?? 0;
  const isPlain = character === " " || (!unprintable.test(character) && (!ascii || code < 128));
  if (isPlain) return character;
  const hex = code.toString(16);
  if (code < 256) return `\\x${hex.padStart(2, "0")}`;
  return code < 65_536 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
