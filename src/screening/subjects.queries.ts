import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { RawSql } from '../platform/database/database.js';
import type { SubjectKind } from './screening.entity.js';

/** An organization, or somebody who belongs to it or was named by it, as they are screened. */
export interface Subject {
  readonly kind: SubjectKind;
  readonly id: string;
  readonly name: string;
  readonly country: string | null;
  /** SHA-256 of what counts for a match. */
  readonly significance: string;
}

/** Whom a screening of the organization is about: itself, its members and the users it named. Nobody when there is no such organization. */
export async function subjectsOf(database: RawSql, organizationId: string): Promise<readonly Subject[]> {
  const found = await sql<Omit<Subject, 'significance'>>`
    select 'ORGANIZATION' as kind, o.id, o.legal_name as name, o.country, 0 as place from organization as o
      where o.id = ${organizationId}
    union all
    select 'PERSON', u.id, u.name, null, 1 from membership as m join auth_user as u on u.id = m.user_id
      where m.organization_id = ${organizationId}
    union all
    select 'NAMED_USER', n.id, n.display_name, null, 2 from named_user as n join access_grant as g on g.id = n.grant_id
      where n.organization_id = ${organizationId} and n.removed_at is null
        and g.status in ('PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED')
    order by place, id`.execute(database);
  return found.rows.map(({ kind, id, name, country }) => ({
    kind,
    id,
    name,
    country,
    significance: createHash('sha256')
      .update(JSON.stringify([name, country]))
      .digest('hex'),
  }));
}
