/** Of lists that nobody reads to their end only what fits what is typed is made and sent. */

/** So many are looked through by nobody. */
const mostListed = 300;

export interface Limited<T> {
  readonly items: readonly T[];
  /** There are more: they are to be asked for again as the text grows. */
  readonly isIncomplete: boolean;
}

export function limited<T>(all: readonly T[], typed: string, textOf: (item: T) => string): Limited<T> {
  if (all.length <= mostListed) return { items: all, isIncomplete: false };
  const sought = typed.toLowerCase();
  const fitting = all.filter((item) => isSubsequence(sought, textOf(item).toLowerCase()));
  return { items: fitting.slice(0, mostListed), isIncomplete: true };
}

/** As editors compare what is typed with a list. */
function isSubsequence(sought: string, text: string): boolean {
  let at = 0;
  for (const character of sought) {
    at = text.indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
