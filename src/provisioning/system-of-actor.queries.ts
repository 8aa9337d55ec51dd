import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import type { Actor } from '../lifecycle/actor.js';
import type { SystemDuty } from '../lifecycle/provisioning.js';
import type { Sql } from '../platform/reading/projection.js';

/** The registered system of a key. */
export interface SystemOfActor {
  readonly id: string;
  readonly name: string;
  readonly productCodes: readonly string[];
  readonly duties: readonly SystemDuty[];
  readonly isActive: boolean;
}

/** The system that whoever acts is registered as; null when there is none for its key, and for people. */
export async function findSystemOfActor({
  actor,
  sql: database,
}: Pick<Work, 'actor' | 'sql'>): Promise<SystemOfActor | null> {
  if (actor.kind !== 'MACHINE') return null;
  const found =
    await sql<SystemOfActor>`select id, name, product_codes as "productCodes", duties, is_active as "isActive"
    from provisioning_system where api_key_id = ${actor.keyId}`.execute(database);
  return found.rows[0] ?? null;
}

/** Its id only. */
export async function systemOfActor(work: Pick<Work, 'actor' | 'sql'>): Promise<string | null> {
  return (await findSystemOfActor(work))?.id ?? null;
}

/** May whoever acts know of grants of this product? A registered system knows of its own products only. */
export async function isOfSystemsProducts(
  work: Pick<Work, 'actor' | 'sql'>,
  productCode: string | null,
): Promise<boolean> {
  const system = await findSystemOfActor(work);
  return system === null || (productCode !== null && system.productCodes.includes(productCode));
}

/** In SQL, the same of a machine that sees grants because it opens and closes access. */
export function isOfSystemsProductsSql(actor: Actor, productCode: Sql): Sql {
  if (actor.kind !== 'MACHINE') return sql`true`;
  return sql`not exists (select from provisioning_system as system where system.api_key_id = ${actor.keyId}
    and not ${productCode} = any(system.product_codes))`;
}
