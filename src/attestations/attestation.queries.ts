import { sql } from 'kysely';
import type { Projection } from '../api/eyes.js';
import { isNoStaff, isOwn } from '../api/visibility.js';
import { isSuspendedForSql } from '../grants/suspension.queries.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import type { RequiredTerms } from '../lifecycle/terms.js';
import type { RawSql } from '../platform/database/database.js';
import { column, hiddenFrom, momentColumn, type Row, type Sql } from '../platform/reading/projection.js';
import { programProjection, termsProjection } from '../programs/program.queries.js';

/** In SQL: the terms that a program asks its partners to accept again; null when it asks for none. The newest hold. */
export function requiredTermsSql(programId: Sql): Sql {
  return sql`(select t.id from terms_version as t where t.program_id = ${programId} and t.reaccept_by is not null
    order by t.published_at desc, t.id desc limit 1)`;
}

/** In SQL, over a row of what was asked: does the program ask for these terms still, and were they not accepted in time? */
function isOverdueSql(asked: Row, now: Sql): Sql {
  return sql`(${asked('given_at')} is null and ${asked('due_at')} <= ${now}
    and ${asked('terms_version_id')} = ${requiredTermsSql(asked('program_id'))})`;
}

const asked: Row = (name) => sql.ref(`asked.${name}`);

/** In SQL, over a grant's row: were terms that its organization was asked to accept again not accepted by when they had to be? */
export function isTermsOverdueSql(grant: Row, now: Sql): Sql {
  return sql`exists (select from attestation as asked where asked.organization_id = ${grant('organization_id')}
    and asked.program_id = ${grant('program_id')} and ${isOverdueSql(asked, now)})`;
}

/** Seen by members of the organization, and by staff. */
export const attestationProjection: Projection = {
  type: 'Attestation',
  table: 'attestation',
  visible: (row, eyes) => (eyes.seesEveryOrganization ? sql`true` : isOwn(row('organization_id'), eyes)),
  fields: {
    program: {
      kind: 'one',
      to: () => programProjection,
      on: (row, program) => sql`${program('id')} = ${row('program_id')}`,
    },
    terms: {
      kind: 'one',
      to: () => termsProjection,
      on: (row, terms) => sql`${terms('id')} = ${row('terms_version_id')}`,
    },
    sha256: column('body_sha256'),
    askedAt: momentColumn('asked_at'),
    dueAt: momentColumn('due_at'),
    isOverdue: { kind: 'value', sql: (row, eyes) => isOverdueSql(row, eyes.now) },
    givenAt: momentColumn('given_at'),
    givenBy: personWhoseIdIs('given_by'),
    ipAddress: hiddenFrom(isNoStaff, column('ip_address')),
  },
};

/** Terms that a program asks for, with what events say of them. */
export interface RequiredTermsRow extends RequiredTerms {
  readonly id: string;
  readonly programId: string;
  readonly programCode: string;
  readonly label: string;
  readonly sha256: string;
}

const termsColumns = sql`t.id, t.program_id as "programId", p.code as "programCode", t.label, t.body_sha256 as sha256,
  t.published_at as "publishedAt", t.reaccept_by as "reacceptBy"`;

/** What a program asks its partners to accept again; null when it asks for nothing. */
export async function requiredTerms(database: RawSql, programId: string): Promise<RequiredTermsRow | null> {
  const found = await sql<RequiredTermsRow>`select ${termsColumns}
    from terms_version as t join program as p on p.id = t.program_id
    where t.id = ${requiredTermsSql(sql`${programId}::uuid`)}`.execute(database);
  return found.rows.map(withMoments)[0] ?? null;
}

/** Terms that were asked for. */
export async function termsOf(database: RawSql, termsId: string): Promise<RequiredTermsRow> {
  const found = await sql<RequiredTermsRow>`select ${termsColumns}
    from terms_version as t join program as p on p.id = t.program_id where t.id = ${termsId}`.execute(database);
  const [row] = found.rows.map(withMoments);
  if (!row) throw new Error(`There are no terms ${termsId}.`);
  return row;
}

/** The embedded database answers moments as dates, a server as text. */
function withMoments({ publishedAt, reacceptBy, ...row }: RequiredTermsRow): RequiredTermsRow {
  return { ...row, publishedAt: new Date(publishedAt), reacceptBy: new Date(reacceptBy) };
}

/**
 * In SQL, over a grant's row: was the organization asked for these terms, or has it accepted them with an application? To
 * accept them in a draft is nothing yet: it can be dropped.
 */
function hasTermsSql(termsId: Sql): Sql {
  return sql`(exists (select from attestation as asked where asked.terms_version_id = ${termsId} and asked.organization_id = g.organization_id)
    or exists (select from terms_acceptance as accepted join application as a on a.id = accepted.application_id
      where accepted.terms_version_id = ${termsId} and accepted.organization_id = g.organization_id and a.submitted_at >= accepted.accepted_at))`;
}

const lives = sql`g.status in ('PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED')`;

/** Organizations that hold a grant of the program and were not asked yet, and since when each is let in. */
export async function organizationsToAsk(
  database: RawSql,
  { id, programId }: RequiredTermsRow,
  most: number,
): Promise<readonly { readonly organizationId: string; readonly letInAt: Date }[]> {
  const found = await sql<{ organizationId: string; letInAt: Date | string }>`
    select g.organization_id as "organizationId", min(g.starts_at) as "letInAt" from access_grant as g
    where g.program_id = ${programId} and ${lives} and not ${hasTermsSql(sql`${id}::uuid`)}
    group by g.organization_id order by g.organization_id limit ${most}`.execute(database);
  return found.rows.map(({ organizationId, letInAt }) => ({ organizationId, letInAt: new Date(letInAt) }));
}

/** Programs that have somebody to ask. */
export async function programsToAsk(database: RawSql): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`select t.program_id as id from terms_version as t
    where t.reaccept_by is not null and t.id = ${requiredTermsSql(sql`t.program_id`)}
      and exists (select from access_grant as g where g.program_id = t.program_id and ${lives} and not ${hasTermsSql(sql`t.id`)})
    order by 1`.execute(database);
  return found.rows.map(({ id }) => id);
}

/** What is to be reminded of. */
export async function attestationsToRemindOf(database: RawSql, now: Date, most: number): Promise<readonly string[]> {
  const found = await sql<{ id: string }>`select asked.id from attestation as asked
    where asked.given_at is null and asked.remind_at <= ${now}
      and asked.terms_version_id = ${requiredTermsSql(sql`asked.program_id`)}
    order by asked.remind_at limit ${most}`.execute(database);
  return found.rows.map(({ id }) => id);
}

/** Grants in use whose organizations did not accept the terms in time, and are not suspended for it yet. */
export async function overdueGrants(
  database: RawSql,
  now: Date,
  most: number,
): Promise<readonly { readonly attestationId: string; readonly grantId: string }[]> {
  const grant: Row = (name) => sql.ref(`g.${name}`);
  const found = await sql<{ attestationId: string; grantId: string }>`
    select asked.id as "attestationId", g.id as "grantId" from attestation as asked
      join access_grant as g on g.organization_id = asked.organization_id and g.program_id = asked.program_id
    where ${isOverdueSql(asked, sql`${now}::timestamptz`)} and g.status in ('ACTIVE', 'SUSPENDED')
      and not ${isSuspendedForSql(grant, 'TERMS')}
    order by asked.due_at, g.id limit ${most}`.execute(database);
  return found.rows;
}
