import { type RawBuilder, sql } from 'kysely';
import type { Database, RawSql } from '../../src/platform/database/database.js';
import { decodeId, encodeId } from '../../src/platform/ids.js';
import { inTransaction } from '../../src/platform/transaction.js';
import { copyRows } from '../support/copied-rows.js';

/** What of an application has an id of its own, besides the application, in an order in which it can be read. */
const dependents = [
  'application_revision',
  'terms_acceptance',
  'information_request',
  'information_question',
  'information_answer',
  'information_message',
  'due_date_extension',
  'document',
  'clock_interval',
  'deadline_notice',
  'recommendation',
  'check_result',
  'decision',
  'reopening',
  'intent_to_refuse',
  'access_grant',
] as const;

let copies = 0;

/**
 * Copies an application and everything that belongs to it, straight in the database, so that many commands can be tried
 * on the same situation. Every copy is to a program of its own, because an organization has one open application for a
 * program. The new id of a row follows from the old one, so that rows go on pointing at each other.
 */
export async function copyApplication(database: Pick<Database, 'transaction'>, applicationId: string): Promise<string> {
  const source = decodeId('application', applicationId);
  copies += 1;
  const salt = `copy ${copies}`;
  const renewed = (name: string) => newId(sql.ref(`r.${name}`), salt);
  const others = dependents.map((table) => {
    const changes: Record<string, RawBuilder<unknown>> = {
      id: renewed('id'),
      application_id: renewed('application_id'),
    };
    if (/^(information_(question|answer|message)|due_date_extension)$/.test(table))
      changes.request_id = renewed('request_id');
    if (table === 'information_answer') changes.question_id = renewed('question_id');
    if (table === 'document') {
      changes.storage_key = sql`r.storage_key || ${salt}::text`;
      changes.information_request_id = renewed('information_request_id');
    }
    if (table === 'deadline_notice') changes.program_version_id = renewed('program_version_id');
    if (table === 'intent_to_refuse') changes.decision_id = renewed('decision_id');
    if (table === 'access_grant') {
      changes.reference = sql`r.reference || ' ' || ${salt}::text`;
      changes.decision_id = renewed('decision_id');
      changes.program_id = renewed('program_id');
    }
    const where = sql`r.application_id = ${source}`;
    return sql`${sql.ref(`new_${table}`)} as (${copyRows(table, { columns: changes, where })})`;
  });
  const copying = sql<{ id: string }>`
    with new_program as (
      ${copyRows('program', {
        columns: {
          id: renewed('id'),
          code: sql`r.code || '-' || ${copies}::text`,
          current_version_id: renewed('current_version_id'),
        },
        where: sql`r.id = (select program_id from application where id = ${source})`,
      })}),
    new_version as (
      ${copyRows('program_version', {
        columns: {
          id: renewed('id'),
          program_id: renewed('program_id'),
        },
        where: sql`r.program_id = (select program_id from application where id = ${source})`,
      })}),
    new_application as (
      ${copyRows('application', {
        columns: {
          id: renewed('id'),
          reference: sql`r.reference || ' ' || ${salt}::text`,
          program_id: renewed('program_id'),
          program_version_id: renewed('program_version_id'),
        },
        where: sql`r.id = ${source}`,
      })} returning id),
    ${sql.join(others)}
    select id from new_application`;
  // Within a transaction it is prepared once: planning so large a statement takes longer than running it.
  const made = await inTransaction(database, (em) => copying.execute(em.getKysely()));
  const [row] = made.rows;
  if (!row) throw new Error(`There is no application ${applicationId} to copy.`);
  return encodeId('application', row.id);
}

/** Copies a grant, with the decision it follows from, onto the same application. */
export async function copyGrant(database: RawSql, grantId: string): Promise<string> {
  const source = decodeId('grant', grantId);
  copies += 1;
  const salt = `copy ${copies}`;
  const made = await sql<{ id: string }>`
    with old as (select * from access_grant where id = ${source}),
    new_decision as (
      ${copyRows('decision', {
        columns: {
          id: newId(sql.ref('r.id'), salt),
        },
        where: sql`r.id = (select decision_id from old)`,
      })}),
    new_grant as (
      ${copyRows('access_grant', {
        columns: {
          id: newId(sql.ref('r.id'), salt),
          reference: sql`r.reference || ' ' || ${salt}::text`,
          decision_id: newId(sql.ref('r.decision_id'), salt),
        },
        where: sql`r.id = ${source}`,
      })} returning id),
    new_suspensions as (
      ${copyRows('grant_suspension', {
        columns: {
          id: newId(sql.ref('r.id'), salt),
          grant_id: newId(sql.ref('r.grant_id'), salt),
        },
        where: sql`r.grant_id = ${source}`,
      })})
    select id from new_grant`.execute(database);
  const [row] = made.rows;
  if (!row) throw new Error(`There is no grant ${grantId} to copy.`);
  return encodeId('grant', row.id);
}

/** In SQL: another UUIDv7 (RFC 9562, section 5.7) that follows from an id. Null stays null. */
function newId(id: RawBuilder<unknown>, salt: string) {
  return sql`overlay(overlay(md5(${id}::text || ${salt}::text) placing '7' from 13 for 1) placing '8' from 17 for 1)::uuid`;
}
