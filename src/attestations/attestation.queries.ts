import { sql } from 'kysely';
import type { Row, Sql } from '../platform/reading/projection.js';

/** In SQL: the terms that a program asks its partners to accept again; null when it asks for none. The newest hold. */
export function requiredTermsSql(programId: Sql): Sql {
  return sql`(select t.id from terms_version as t where t.program_id = ${programId} and t.reaccept_by is not null
    order by t.published_at desc, t.id desc limit 1)`;
}

/** In SQL, over a grant's row: were terms that its organization was asked to accept again not accepted by when they had to be? */
export function isTermsOverdueSql(grant: Row, now: Sql): Sql {
  return sql`exists (select from attestation as asked where asked.organization_id = ${grant('organization_id')}
    and asked.program_id = ${grant('program_id')} and asked.given_at is null and asked.due_at <= ${now}
    and asked.terms_version_id = ${requiredTermsSql(grant('program_id'))})`;
}
