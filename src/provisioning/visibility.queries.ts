import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import type { Sql } from '../platform/reading/slot.js';

/**
 * In SQL: is this one of the products that the viewer's registered system is for?
 * @param unregistered what a key sees for which no system is registered: everything, or nothing
 */
export function isOfViewersProducts(
  productCode: Sql,
  eyes: Eyes,
  unregistered: 'ONE_REGISTERED' | 'OR_UNREGISTERED',
): Sql {
  const registered = sql`select from provisioning_system as own where own.api_key_id = ${eyes.keyId}`;
  const among = sql`${productCode} = any(own.product_codes)`;
  return unregistered === 'ONE_REGISTERED'
    ? sql`exists (${registered} and ${among})`
    : sql`not exists (${registered} and not ${among})`;
}
