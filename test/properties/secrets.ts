import { sql } from 'kysely';
import { valueAt } from '../../src/demo/portal-client.js';
import { decodeId, encodeId } from '../../src/platform/ids.js';
import type { TestDatabase } from '../support/database.js';

/** A mark in everything that staff write for staff. */
export const forStaffOnly = 'FOR STAFF ONLY';

/** What no partner may find anywhere in what is answered about an application. */
export interface Secrets {
  readonly texts: readonly string[];
}

/** Names, addresses and ids of those who work for the operator and do not belong to the organization. */
export async function staffOf(database: TestDatabase, organizationId: string): Promise<Secrets> {
  const found = await sql<{ name: string; email: string; person: string; staff: string }>`
    select u.name, u.email, u.id as person, s.id as staff from staff_member s join auth_user u on u.id = s.user_id
    where not exists (select 1 from membership m where m.user_id = u.id
      and m.organization_id = ${decodeId('organization', organizationId)})`.execute(database.kysely());
  const texts = found.rows.flatMap(({ name, email, person, staff }) => [
    name,
    email,
    encodeId('person', person),
    encodeId('staff', staff),
    person,
    staff,
  ]);
  return { texts };
}

/** What is written in decisions that are not final, and their ids; of those that were announced, not the reasons. */
export async function unsignedDecisions(database: TestDatabase, applicationId: string): Promise<readonly string[]> {
  const found = await sql<{ id: string; reasons: string[]; conditions: string[] }>`
    select id, conditions,
      case when id in (select decision_id from intent_to_refuse) then '[]' else reasons end as reasons from decision
    where application_id = ${decodeId('application', applicationId)} and status <> 'COUNTERSIGNED'`.execute(
    database.kysely(),
  );
  return found.rows.flatMap(({ id, reasons, conditions }) => [encodeId('decision', id), ...reasons, ...conditions]);
}

/** What a partner was shown and should not have been, in words. */
export function leaksIn(answer: unknown, secrets: Iterable<string>): string[] {
  const leaks: string[] = [];
  const application = valueAt(answer, 'application');
  for (const field of ['queue', 'dueAt', 'decisionDueAt', 'assignee']) {
    if (valueAt(application, field) !== null) leaks.push(`${field} is ${JSON.stringify(valueAt(application, field))}`);
  }
  for (const field of ['recommendations', 'checkResults', 'stageProblems', 'recusals', 'stageAdvice', 'flags']) {
    if (JSON.stringify(valueAt(application, field)) !== '[]') leaks.push(`${field} are shown`);
  }
  if (valueAt(application, 'awaitsReplySince') !== null) leaks.push('it is said that an answer is waited for');
  if (JSON.stringify(valueAt(application, 'notes', 'nodes')) !== '[]') leaks.push('notes are shown');
  // A field that partners find empty tells them by its name nothing that the schema does not.
  const told = JSON.stringify(answer).replaceAll('"countersignaturesNeeded":null', '');
  return [...leaks, ...tellTales(told, secrets)];
}

/** What a text says that is not for partners. */
export function tellTales(text: string, secrets: Iterable<string> = []): string[] {
  return ['DECISION_PROPOSED', 'COUNTERSIGNATURE', 'countersignature', forStaffOnly, ...secrets]
    .filter((secret) => text.includes(secret))
    .map((secret) => `“${secret}” was told: …${around(text, secret)}…`);
}

function around(whole: string, secret: string): string {
  const position = whole.indexOf(secret);
  return whole.slice(Math.max(0, position - 80), position + secret.length + 80);
}
