import { sql } from 'kysely';
import type { Work } from '../doorway/command.js';
import { encodeId } from '../platform/ids.js';

/** A flag to be raised. */
export interface Raising {
  readonly definitionId: string;
  readonly key: string;
  readonly organizationId: string;
  readonly applicationId: string | null;
  readonly reason: string;
  readonly expiresAt: Date | null;
  /** One of the two. */
  readonly raisedBy: string | null;
  readonly ruleKey: string | null;
}

/**
 * Raises a flag, unless it is raised there already, whoever does so at the same moment. One that has expired and was
 * not lowered yet is lowered first.
 * @returns its id; null when it was raised already
 */
export async function raise(work: Work, raising: Raising): Promise<string | null> {
  const { definitionId, organizationId, applicationId, reason, expiresAt, raisedBy, ruleKey } = raising;
  const id = work.ids.next();
  const found = await sql<{ raised: string | null; expired: string | null }>`
    with expired as (
      update flag set lowered_at = ${work.now}, version = version + 1
      where definition_id = ${definitionId} and organization_id = ${organizationId}
        and application_id is not distinct from ${applicationId}::uuid
        and lowered_at is null and expires_at <= ${work.now}
      returning id),
    raised as (
      insert into flag (id, definition_id, organization_id, application_id, reason, rule_key, raised_by, raised_at, expires_at)
      select ${id}::uuid, ${definitionId}::uuid, ${organizationId}::uuid, ${applicationId}::uuid, ${reason}::text, ${ruleKey}::text,
        ${raisedBy}::uuid, ${work.now}::timestamptz, ${expiresAt}::timestamptz
      where (select count(*) from expired) >= 0
      on conflict do nothing returning id)
    select (select id from raised) as raised, (select id from expired) as expired`.execute(work.sql);
  const [row] = found.rows;
  if (row?.expired) work.record({ event: 'flag.expired', ...aboutFlag(row.expired, raising) });
  if (!row?.raised) return null;
  const about = aboutFlag(row.raised, raising);
  const payload = { ...about.payload, rule: ruleKey, expiresAt: expiresAt?.toISOString() ?? null };
  work.record({ ...about, event: 'flag.raised', payload });
  return row.raised;
}

/** What every event of a flag says. */
export function aboutFlag(
  id: string,
  { key, organizationId, applicationId }: Pick<Raising, 'key' | 'organizationId' | 'applicationId'>,
) {
  return {
    payload: {
      flagId: encodeId('flag', id),
      key,
      organizationId: encodeId('organization', organizationId),
      applicationId: applicationId && encodeId('application', applicationId),
    },
    subject: { kind: 'flag', id } as const,
    organizationId,
    ...(applicationId ? { applicationId } : {}),
  };
}
