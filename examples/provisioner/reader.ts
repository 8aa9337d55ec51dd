import type { Tell } from './loop.ts';
import type { Portal } from './portal.ts';
import type { Product } from './product.ts';

/**
 * One round of the read-back: looks whether access is as it was said to be, with a key of its own. The portal has what
 * is not so done again. @returns how many grants were looked at
 */
export async function lookOnce({
  portal,
  product,
  tell,
}: {
  readonly portal: Portal;
  readonly product: Product;
  readonly tell: Tell;
}): Promise<number> {
  const grants = await portal.grantsToLookAt();
  for (const grantId of grants) {
    const isOpen = await product.isOpen(grantId);
    tell('looked', { grantId, isOpen, verdict: await portal.readBack(grantId, isOpen) });
  }
  return grants.length;
}
