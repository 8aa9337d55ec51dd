import type { Command } from '../doorway/command.js';

/**
 * Sees to some grants of a product, those after the given one in the order of their ids, and says after which one to go
 * on; null when there is none left.
 */
export type PageOfGrants = Command<
  { readonly productCode: string; readonly after: string | null },
  { readonly last: string | null }
>;

/** After which of the grants to go on that were found, of so many at most. */
export function lastOfPage(found: readonly { readonly id: string }[], most: number): { readonly last: string | null } {
  return { last: found.length < most ? null : (found.at(-1)?.id ?? null) };
}
