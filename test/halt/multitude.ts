import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../src/platform/database/open.js';
import { decodeId } from '../../src/platform/ids.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { type Copying, copyRows } from '../support/copied-rows.js';
import type { HaltedProduct } from './ground.js';

/** How many grants each organization holds of a product. */
const grantsOfEach = 5;

/**
 * Makes so many grants of a product out of one: with organizations, an owner and a webhook endpoint for each, and the
 * applications and decisions that grants follow from. Straight in the database, where years of applying take a minute.
 */
export async function multiply(database: Database, { code, grantId }: HaltedProduct, grants: number): Promise<void> {
  const source = sql`(select * from access_grant where id = ${decodeId('grant', grantId)})`;
  const organizations = Math.ceil(grants / grantsOfEach);
  await inTransaction(database, async (em) => {
    const copy = (table: string, copying: Copying) => copyRows(table, copying).execute(em.getKysely());
    // Nothing that is copied breaks a rule, and what triggers would write was copied with it or is of no use here.
    await sql`set local session_replication_role = replica`.execute(em.getKysely());
    const each = sql`generate_series(0, ${organizations - 1}::int) as n`;
    const id = (kind: string) => newId(`${code} ${kind}`, 'n');
    await copy('organization', {
      columns: {
        id: id('organization'),
        legal_name: sql`${code}::text || ' holder ' || n`,
        registration_number: sql`${code}::text || ' ' || n`,
      },
      beside: sql`${source} as g, ${each}`,
      where: sql`r.id = g.organization_id`,
    });
    await copy('auth_user', {
      columns: {
        id: id('user'),
        email: sql`${code}::text || '-' || n || '@partner.example'`,
      },
      beside: sql`membership as m, ${source} as g, ${each}`,
      where: sql`m.organization_id = g.organization_id and r.id = m.user_id`,
    });
    await copy('membership', {
      columns: {
        id: id('membership'),
        organization_id: id('organization'),
        user_id: id('user'),
      },
      beside: sql`${source} as g, ${each}`,
      where: sql`r.organization_id = g.organization_id`,
    });
    await copy('webhook_endpoint', {
      columns: {
        id: id('endpoint'),
        organization_id: id('organization'),
      },
      beside: sql`${source} as g, ${each}`,
      where: sql`r.organization_id = g.organization_id`,
    });
    const all = sql`generate_series(0, ${grants - 1}::int) as n`;
    const holder = newId(`${code} organization`, `n / ${grantsOfEach}`);
    await copy('application', {
      columns: {
        id: id('application'),
        reference: sql`r.reference || ' ' || n`,
        organization_id: holder,
      },
      beside: sql`${source} as g, ${all}`,
      where: sql`r.id = g.application_id`,
    });
    await copy('decision', {
      columns: {
        id: id('decision'),
        application_id: id('application'),
      },
      beside: sql`${source} as g, ${all}`,
      where: sql`r.id = g.decision_id`,
    });
    await copy('access_grant', {
      columns: {
        id: id('grant'),
        reference: sql`r.reference || ' ' || n`,
        organization_id: holder,
        application_id: id('application'),
        decision_id: id('decision'),
      },
      beside: all,
      where: sql`r.id = ${decodeId('grant', grantId)}`,
    });
  });
  await sql`analyze`.execute(database.kysely());
}

/** In SQL: a UUIDv7 (RFC 9562, section 5.7) that follows from a word and a number. */
function newId(word: string, number: string): RawBuilder<unknown> {
  const digest = sql`md5(${word}::text || ' ' || (${sql.raw(number)})::text)`;
  return sql`overlay(overlay(${digest} placing '7' from 13 for 1) placing '8' from 17 for 1)::uuid`;
}
