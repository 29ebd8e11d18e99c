/** Numbers that look random and are the same for the same seed (the generator "mulberry32"). */
export interface Random {
  /** An integer from 0 to `below`, that itself not included. */
  integer(below: number): number;
  /** True in `share` of all cases. */
  chance(share: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** So many digits of lower-case hexadecimal. */
  hexadecimal(digits: number): string;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return {
    integer,
    chance: (share) => next() < share,
    pick: (from) => from[integer(from.length)] ?? from[0],
    hexadecimal: (digits) => Array.from({ length: digits }, () => integer(16).toString(16)).join(""),
  };
}
