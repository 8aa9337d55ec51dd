import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { Command, Work } from '../doorway/command.js';
import { requireIdentified, requireLine, requirePermission, requirePerson } from '../doorway/requirements.js';
import { type Actor, organizationsOf, seesEveryOrganization } from '../lifecycle/actor.js';
import { Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { hashToken, newToken } from '../platform/secrets.js';
import { ApiKey, type ApiKeyScope, apiKeyPrefix, apiKeyScopes } from './api-key.entity.js';

/** How much of a key is kept in the open, to tell keys apart. */
const hintLength = 4;
const longestName = 100;
/** Keys in use at one time, of one organization or of the operator: a machine has one, and a second while it changes over. */
const mostKeys = 50;

export interface CreateApiKeyInput {
  /** Null for a key of the operator. */
  readonly organizationId: string | null;
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  /** Null for a key that works until it is revoked. */
  readonly expiresAt: Date | null;
}

/** Nobody remembers a key for longer than this. */
const longestLifeMs = 10 * 366 * 24 * 60 * 60 * 1000;

/** Creates an API key. The key is told in the answer and never again. */
export const createApiKey: Command<CreateApiKeyInput, { apiKeyId: string; key: string }> = {
  name: 'apiKey.create',
  async run(work, input) {
    const person = requirePerson(work.actor);
    requireMayManageKeys(work.actor, input.organizationId);
    const name = requireLine(input.name, ['name'], longestName);
    const scopes = readScopes(input);
    if (input.expiresAt !== null && input.expiresAt <= work.now) {
      throw Refusal.of('INVALID', 'A key cannot expire before it is made; give a time to come.', ['expiresAt']);
    }
    if (input.expiresAt !== null && input.expiresAt.getTime() > work.now.getTime() + longestLifeMs) {
      throw Refusal.of('INVALID', 'A key lives for ten years at most.', ['expiresAt']);
    }
    await requireRoom(work, input.organizationId);
    const key = `${apiKeyPrefix}${newToken()}`;
    const apiKey = work.em.create(ApiKey, {
      id: work.ids.next(),
      organizationId: input.organizationId,
      name,
      keyHash: hashToken(key),
      keyHint: key.slice(-hintLength),
      scopes,
      createdBy: person.personId,
      createdAt: work.now,
      expiresAt: input.expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    });
    const apiKeyId = encodeId('apikey', apiKey.id);
    work.record({
      event: 'api_key.created',
      payload: { apiKeyId, scopes },
      subject: { kind: 'apikey', id: apiKey.id },
      organizationId: input.organizationId,
    });
    return { apiKeyId: apiKey.id, key };
  },
};

/** Revokes an API key: from the next request on it opens nothing. */
export const revokeApiKey: Command<{ readonly apiKeyId: string }, { apiKeyId: string }> = {
  name: 'apiKey.revoke',
  async run(work, { apiKeyId }) {
    requireIdentified(work.actor);
    const apiKey = await work.em.findOne(ApiKey, { id: apiKeyId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const organizationId = apiKey?.organizationId ?? null;
    if (!apiKey || !isVisible(work.actor, organizationId)) throw Refusal.notFound('API key', ['apiKeyId']);
    requireMayManageKeys(work.actor, organizationId);
    if (apiKey.revokedAt !== null) throw Refusal.of('NOT_ALLOWED_NOW', 'This key is revoked already.');
    apiKey.revokedAt = work.now;
    work.record({
      event: 'api_key.revoked',
      payload: { apiKeyId: encodeId('apikey', apiKey.id) },
      subject: { kind: 'apikey', id: apiKey.id },
      organizationId,
    });
    return { apiKeyId };
  },
};

function isVisible(actor: Actor, organizationId: string | null): boolean {
  if (seesEveryOrganization(actor)) return true;
  return organizationId !== null && organizationsOf(actor).includes(organizationId);
}

function requireMayManageKeys(actor: Actor, organizationId: string | null): void {
  if (organizationId === null) {
    requirePermission('createOperatorKey', actor, null);
    return;
  }
  if (!isVisible(actor, organizationId)) throw Refusal.notFound('organization', ['organizationId']);
  requirePermission('createPartnerKey', actor, organizationId);
}

function readScopes({ organizationId, scopes }: CreateApiKeyInput): ApiKeyScope[] {
  const known = Object.keys(apiKeyScopes) as ApiKeyScope[];
  const read = known.filter((scope) => scopes.includes(scope));
  if (read.length === 0) throw Refusal.of('REQUIRED', `Give at least one scope of ${known.join(', ')}.`, ['scopes']);
  if (organizationId !== null && read.includes('GRANTS_PROVISION')) {
    const message = 'Only the operator’s own machines acknowledge provisioning; leave GRANTS_PROVISION out.';
    throw Refusal.of('INVALID', message, ['scopes']);
  }
  return read;
}

async function requireRoom(work: Work, organizationId: string | null): Promise<void> {
  // One at a time for each organization, so that two keys made at one moment do not both fit into one place.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`api keys ${organizationId ?? ''}`}, 0))`.execute(work.sql);
  const held = await work.em.count(ApiKey, {
    organizationId,
    revokedAt: null,
    $or: [{ expiresAt: null }, { expiresAt: { $gt: work.now } }],
  });
  if (held >= mostKeys) {
    throw Refusal.of('LIMIT_REACHED', `There are ${mostKeys} keys in use already. Revoke one that is not needed.`);
  }
}
