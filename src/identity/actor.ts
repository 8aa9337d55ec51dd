import type { Actor, MachineActor } from '../lifecycle/actor.js';
import type { Answering } from '../platform/database/database.js';
import { namedStatement } from '../platform/database/named-statement.js';
import { Refusal } from '../platform/errors.js';
import { apiKeyPrefix } from './api-key.entity.js';
import { type PersonJson, personParts, toPersonActor } from './person-actor.queries.js';

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

/** Who holds a credential, and until when, if that is known. */
export interface Holder {
  readonly actor: Actor;
  readonly until: Date | null;
}

/*
 * Each is looked up by index, whatever the planner believes of the tables. And it does not see how many there are, or it
 * would plan for that number each time, which takes longer than the looking up.
 */
const holdersOfSessions = namedStatement(`
  select json_object_agg(asked.token, holder.json)::text as answer
  from unnest((select string_to_array($1::text, ','))) as asked (token)
  cross join lateral (
    select json_build_object(${personParts}, 'until', session.expires_at) as json
    from auth_session as session
    join auth_user as person on person.id = session.user_id and person.email_verified
    left join staff_member as staff on staff.user_id = person.id and staff.active
    where session.token = asked.token and session.expires_at > $2::text::timestamptz
    limit 1) as holder`);

/** Who is in the sessions whose tokens have these hashes, looked up in one indexed statement; null for nobody. */
export async function peopleInSessions(
  database: Answering,
  tokenHashes: readonly string[],
  now: Date,
): Promise<(Holder | null)[]> {
  const answer = await database.answer(holdersOfSessions, [tokenHashes.join(), now.toISOString()]);
  const found: Readonly<Record<string, PersonJson & { readonly until: string }>> = JSON.parse(answer ?? '{}');
  return tokenHashes.map((hash) => {
    const holder = found[hash];
    if (!holder) return null;
    const { until, ...person } = holder;
    return { actor: toPersonActor(person), until: new Date(until) };
  });
}

const holderOfKey = namedStatement(`
  with held as (
    select id, name, organization_id, scopes, expires_at from api_key
    where key_hash = $1::text and revoked_at is null and (expires_at is null or expires_at > $2::text::timestamptz)),
  used as (
    update api_key set last_used_at = $2::text::timestamptz where id in (select id from held)
    and (last_used_at is null or last_used_at <= $3::text::timestamptz))
  select json_build_object('keyId', id, 'name', name, 'organizationId', organization_id, 'scopes', scopes,
    'until', expires_at)::text as answer
  from held`);

/** Whose the key with this hash is, looked up in one indexed statement; null when it is nobody's now. */
export async function machineWithKey(database: Answering, keyHash: string, now: Date): Promise<Holder | null> {
  const usedBefore = new Date(now.getTime() - usedWithinMs);
  const found = await database.answer(holderOfKey, [keyHash, now.toISOString(), usedBefore.toISOString()]);
  if (found === null) return null;
  const { until, ...holder }: Omit<MachineActor, 'kind'> & { readonly until: string | null } = JSON.parse(found);
  return { actor: { kind: 'MACHINE', ...holder }, until: until === null ? null : new Date(until) };
}
