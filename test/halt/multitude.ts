import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../../src/platform/database/open.js';
import { decodeId } from '../../src/platform/ids.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { changedRow } from '../support/changed-row.js';
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
    const run = (statement: RawBuilder<unknown>) => statement.execute(em.getKysely());
    // Nothing that is copied breaks a rule, and what triggers would write was copied with it or is of no use here.
    await run(sql`set local session_replication_role = replica`);
    const each = sql`generate_series(0, ${organizations - 1}::int) as n`;
    const id = (kind: string) => newId(`${code} ${kind}`, 'n');
    await run(sql`insert into organization select made.* from organization as r, ${source} as g, ${each},
      ${changedRow({
        id: id('organization'),
        legal_name: sql`${code}::text || ' holder ' || n`,
        registration_number: sql`${code}::text || ' ' || n`,
      })}
      where r.id = g.organization_id`);
    await run(sql`insert into auth_user select made.* from auth_user as r, membership as m, ${source} as g, ${each},
      ${changedRow({
        id: id('user'),
        email: sql`${code}::text || '-' || n || '@partner.example'`,
      })}
      where m.organization_id = g.organization_id and r.id = m.user_id`);
    await run(sql`insert into membership select made.* from membership as r, ${source} as g, ${each},
      ${changedRow({
        id: id('membership'),
        organization_id: id('organization'),
        user_id: id('user'),
      })}
      where r.organization_id = g.organization_id`);
    await run(sql`insert into webhook_endpoint select made.* from webhook_endpoint as r, ${source} as g, ${each},
      ${changedRow({
        id: id('endpoint'),
        organization_id: id('organization'),
      })}
      where r.organization_id = g.organization_id`);
    const all = sql`generate_series(0, ${grants - 1}::int) as n`;
    const holder = newId(`${code} organization`, `n / ${grantsOfEach}`);
    await run(sql`insert into application select made.* from application as r, ${source} as g, ${all},
      ${changedRow({
        id: id('application'),
        reference: sql`r.reference || ' ' || n`,
        organization_id: holder,
      })}
      where r.id = g.application_id`);
    await run(sql`insert into decision select made.* from decision as r, ${source} as g, ${all},
      ${changedRow({
        id: id('decision'),
        application_id: id('application'),
      })}
      where r.id = g.decision_id`);
    await run(sql`insert into access_grant select made.* from access_grant as r, ${all},
      ${changedRow({
        id: id('grant'),
        reference: sql`r.reference || ' ' || n`,
        organization_id: holder,
        application_id: id('application'),
        decision_id: id('decision'),
      })}
      where r.id = ${decodeId('grant', grantId)}`);
  });
  await sql`analyze`.execute(database.kysely());
}

/** In SQL: a UUIDv7 (RFC 9562, section 5.7) that follows from a word and a number. */
function newId(word: string, number: string): RawBuilder<unknown> {
  const digest = sql`md5(${word}::text || ' ' || (${sql.raw(number)})::text)`;
  return sql`overlay(overlay(${digest} placing '7' from 13 for 1) placing '8' from 17 for 1)::uuid`;
}
