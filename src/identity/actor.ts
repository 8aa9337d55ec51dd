import { sql } from 'kysely';
import { type Actor, anonymous, type MachineActor, type PersonActor } from '../lifecycle/actor.js';
import type { PartnerRole, StaffRole } from '../lifecycle/roles.js';
import type { RawSql } from '../platform/database/database.js';
import { Refusal } from '../platform/errors.js';
import { hashToken } from '../platform/secrets.js';
import { type ApiKeyScope, apiKeyPrefix } from './api-key.entity.js';

/** The cookie that holds a session's token. */
export const sessionCookie = 'sallyport_session';

/** `last_used_at` is kept to the minute, so that a busy machine does not write at every request. */
const usedWithinMs = 60_000;

/** What a request shows to say who it is from. */
export interface Credential {
  readonly kind: 'SESSION' | 'API_KEY';
  readonly secret: string;
  /** A cookie is sent by the browser unasked, so a stale one makes a stranger and not an error. */
  readonly from: 'HEADER' | 'COOKIE';
}

/**
 * Reads `Authorization: Bearer …`, else the session cookie; null when there is neither.
 * @throws Refusal UNAUTHENTICATED when the header is there and does not have this form
 */
export function readCredential(request: {
  readonly authorization: string | null | undefined;
  readonly cookie: string | null | undefined;
}): Credential | null {
  if (request.authorization) {
    const secret = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.authorization)?.[1];
    if (!secret) throw Refusal.of('UNAUTHENTICATED', 'The Authorization header must be `Bearer` and a token or key.');
    return { kind: secret.startsWith(apiKeyPrefix) ? 'API_KEY' : 'SESSION', secret, from: 'HEADER' };
  }
  return request.cookie ? { kind: 'SESSION', secret: request.cookie, from: 'COOKIE' } : null;
}

/**
 * Who a request is from, looked up anew each time in one indexed statement: what was revoked a moment ago holds no more.
 * @throws Refusal UNAUTHENTICATED when a token or key in the header is unknown, expired or revoked
 */
export async function actorOf(database: RawSql, credential: Credential | null, now: Date): Promise<Actor> {
  if (!credential) return anonymous;
  const secretHash = hashToken(credential.secret);
  const actor =
    credential.kind === 'API_KEY'
      ? await machineWithKey(database, secretHash, now)
      : await personInSession(database, secretHash, now);
  if (actor) return actor;
  if (credential.from === 'COOKIE') return anonymous;
  throw credential.kind === 'API_KEY'
    ? Refusal.of('UNAUTHENTICATED', 'This API key is unknown, expired or revoked.')
    : Refusal.of('UNAUTHENTICATED', 'This session has ended. Sign in again.');
}

interface SessionRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly staff_id: string | null;
  readonly roles: StaffRole[] | null;
  readonly must_change_password: boolean | null;
  readonly memberships: { organizationId: string; role: PartnerRole }[];
}

async function personInSession(database: RawSql, tokenHash: string, now: Date): Promise<PersonActor | null> {
  const found = await sql<SessionRow>`
    select person.id, person.name, person.email, staff.id as staff_id, to_json(staff.roles) as roles,
      staff.must_change_password, coalesce((
        select json_agg(json_build_object('organizationId', held.organization_id, 'role', held.role) order by held.id)
        from membership as held where held.user_id = person.id), '[]'::json) as memberships
    from auth_session as session
    join auth_user as person on person.id = session.user_id and person.email_verified
    left join staff_member as staff on staff.user_id = person.id and staff.active
    where session.token = ${tokenHash} and session.expires_at > ${now}`.execute(database);
  const [row] = found.rows;
  if (!row) return null;
  const mustChangePassword = row.must_change_password ?? false;
  return {
    kind: 'PERSON',
    personId: row.id,
    name: row.name,
    email: row.email,
    staffId: row.staff_id,
    staffRoles: mustChangePassword ? [] : (row.roles ?? []),
    mustChangePassword,
    memberships: row.memberships,
  };
}

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly organization_id: string | null;
  readonly scopes: ApiKeyScope[];
}

async function machineWithKey(database: RawSql, keyHash: string, now: Date): Promise<MachineActor | null> {
  const usedBefore = new Date(now.getTime() - usedWithinMs);
  const found = await sql<KeyRow>`
    with held as (
        select id, name, organization_id, to_json(scopes) as scopes from api_key
        where key_hash = ${keyHash} and revoked_at is null and (expires_at is null or expires_at > ${now})),
      used as (
        update api_key set last_used_at = ${now} where id in (select id from held)
        and (last_used_at is null or last_used_at <= ${usedBefore}))
    select id, name, organization_id, scopes from held`.execute(database);
  const [row] = found.rows;
  if (!row) return null;
  return {
    kind: 'MACHINE',
    keyId: row.id,
    name: row.name,
    organizationId: row.organization_id,
    scopes: row.scopes,
  };
}
