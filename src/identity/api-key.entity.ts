import { defineEntity, p } from '@mikro-orm/core';
import { key, moment, words } from '../platform/columns.js';

/** What an API key may be used for. */
export const apiKeyScopes = {
  READ: 'Reads what a viewer of the organization reads; for an operator’s key, what an auditor reads.',
  GRANTS_PROVISION: 'Acknowledges provisioning and deprovisioning of grants. Operator keys only.',
} as const;

/** How every key begins, so that people and secret scanners recognize one that lies about. */
export const apiKeyPrefix = 'sp_live_';

export type ApiKeyScope = keyof typeof apiKeyScopes;

/** A machine's credential. The key itself is shown once and never kept: only its SHA-256 is. */
const schema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    id: key(),
    organizationId: p.uuid().nullable(),
    name: p.text(),
    keyHash: p.text(),
    keyHint: p.text(),
    scopes: words<ApiKeyScope>(),
    createdBy: p.uuid(),
    createdAt: moment(),
    expiresAt: moment().nullable(),
    revokedAt: moment().nullable(),
    lastUsedAt: moment().nullable(),
  },
});

export class ApiKey extends schema.class {}
schema.setClass(ApiKey);
