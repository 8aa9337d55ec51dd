import type { DirectiveKind } from '../../../src/lifecycle/directive.js';

/** A directive as the model keeps it: everything that decides, in the plainest form. */
export interface Order {
  readonly id: string;
  readonly authority: number;
  readonly kind: DirectiveKind;
  /** In milliseconds. No two orders of a history take effect at the same moment. */
  readonly effectiveAt: number;
  readonly expiresAt: number | null;
  /** Empty: any. */
  readonly sectors: readonly string[];
  readonly named: readonly string[];
  readonly excluded: readonly string[];
  /** The order that it amends or rescinds. */
  readonly changes: string | null;
}

export interface Holder {
  readonly organizationId: string;
  readonly sector: string;
}

/**
 * A second opinion on what is permitted of the one product at a moment, found in another way than the portal finds it: each
 * authority's orders are gone through from the first to the last, and each says what holds for this organization from
 * then on.
 */
export function mayUse({ organizationId, sector }: Holder, orders: readonly Order[], now: number): boolean {
  const begun = orders.filter(({ effectiveAt }) => effectiveAt <= now);
  const isTakenBack = ({ id }: Order) => begun.some(({ kind, changes }) => kind === 'RESCIND' && changes === id);
  const amended = (order: Order): Order => {
    const [last] = begun
      .filter(({ kind, changes }) => kind === 'AMEND' && changes === order.id)
      .sort((one, other) => other.effectiveAt - one.effectiveAt);
    return last ? { ...order, ...termsOf(last) } : order;
  };
  const binding = begun
    .filter((order) => order.changes === null && !isTakenBack(order))
    .map(amended)
    .filter(({ expiresAt }) => expiresAt === null || expiresAt > now)
    .sort((one, other) => one.effectiveAt - other.effectiveAt);
  if (binding.some(({ kind, excluded }) => kind === 'DESIGNATE' && excluded.includes(organizationId))) return false;
  return [...new Set(binding.map(({ authority }) => authority))].every((authority) => {
    let says: 'NOTHING' | 'NOBODY' | 'THESE' | 'NOT_THESE' = 'NOTHING';
    let isShutOut = false;
    for (const order of binding.filter((one) => one.authority === authority && one.kind !== 'DESIGNATE')) {
      if (order.kind === 'HALT') {
        says = 'NOBODY';
        isShutOut = false;
        continue;
      }
      isShutOut ||= order.excluded.includes(organizationId);
      const isNamed = order.named.includes(organizationId);
      const isGeneral = order.sectors.length > 0 ? order.sectors.includes(sector) : order.named.length === 0;
      if (isNamed || isGeneral) says = 'THESE';
      else if (says !== 'THESE') says = 'NOT_THESE';
    }
    return says === 'NOTHING' || (says === 'THESE' && !isShutOut);
  });
}

function termsOf({ expiresAt, sectors, named, excluded }: Order) {
  return { expiresAt, sectors, named, excluded };
}
