/** What a loop over a value sees. */
import { itemsOf } from "./containers.ts";
import { membersOfEnum } from "./enums.ts";
import { derivedText, isKnown } from "./text.ts";
import type { Value } from "./value.ts";

const longestText = 4096;

/** The items of a container, the characters of a string, the members of an enumeration, where all of them are known. */
export function iterated(value: Value): readonly Value[] | undefined {
  if (isKnown(value))
    return value.text.length <= longestText
      ? Array.from(value.text, (character) => derivedText(character, value.range))
      : undefined;
  return value.kind === "class" ? membersOfEnum(value) : itemsOf(value);
}
