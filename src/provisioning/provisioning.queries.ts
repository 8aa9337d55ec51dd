import { sql } from 'kysely';
import type { Eyes, Projection, Read } from '../api/eyes.js';
import { grantProjection } from '../grants/grant.queries.js';
import { apiKeyProjection } from '../identity/identity.queries.js';
import type { FieldArguments } from '../platform/reading/arguments.js';
import {
  column,
  idColumn,
  momentColumn,
  type Order,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { given } from '../platform/reading/slot.js';
import { awaitsReadBack } from './read-back.queries.js';
import { isOfViewersProducts } from './visibility.queries.js';

export const systemProjection: Projection = {
  type: 'ProvisioningSystem',
  table: 'provisioning_system',
  visible: (row, eyes) => (eyes.seesEveryOrganization ? sql`true` : sql`${row('api_key_id')} = ${eyes.keyId}`),
  fields: {
    id: idColumn('provisioningsystem'),
    name: column('name'),
    apiKey: {
      kind: 'one',
      to: () => apiKeyProjection,
      on: (row, key) => sql`${key('id')} = ${row('api_key_id')}`,
    },
    productCodes: column('product_codes'),
    duties: column('duties'),
    isActive: column('is_active'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

const isUnderWay = (row: Row) => sql`${row('status')} in ('OPEN', 'CLAIMED')`;
const isOverdue = (row: Row, eyes: Eyes) => sql`(${isUnderWay(row)} and ${row('due_at')} <= ${eyes.now})`;

export const taskProjection: Projection = {
  type: 'ProvisioningTask',
  table: 'provisioning_task',
  visible: (row, eyes) => {
    if (eyes.seesEveryOrganization) return sql`true`;
    return eyes.seesEveryGrant ? isOfViewersProducts(row('product_code'), eyes, 'ONE_REGISTERED') : sql`false`;
  },
  fields: {
    id: idColumn('provisioningtask'),
    kind: column('kind'),
    status: column('status'),
    grant: {
      kind: 'one',
      to: () => grantProjection,
      on: (row, grant) => sql`${grant('id')} = ${row('grant_id')}`,
    },
    productCode: column('product_code'),
    system: {
      kind: 'one',
      to: () => systemProjection,
      on: (row, system) => sql`${system('id')} = ${row('system_id')}`,
    },
    sinceAt: momentColumn('since_at'),
    createdAt: momentColumn('created_at'),
    dueAt: momentColumn('due_at'),
    isOverdue: { kind: 'value', sql: isOverdue },
    escalatedAt: momentColumn('escalated_at'),
    readyAt: momentColumn('ready_at'),
    attempts: column('attempts'),
    claimedUntil: momentColumn('claimed_until'),
    reference: column('reference'),
    finishedAt: momentColumn('finished_at'),
    failedAt: momentColumn('failed_at'),
    failureReason: column('failure_reason'),
    awaitsReadBack: { kind: 'value', sql: awaitsReadBack },
    readBackBy: {
      kind: 'one',
      to: () => systemProjection,
      on: (row, system) => sql`${system('id')} = ${row('read_back_by')}`,
    },
    readBackAt: momentColumn('read_back_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export const systemById: Read = byGivenId(() => systemProjection);
export const taskById: Read = byGivenId(() => taskProjection);

/** As they are handed out: closing first, then the oldest. */
const asHandedOut: Order = {
  direction: 'asc',
  keys: [
    { sql: (row) => sql`(${row('kind')} <> 'DEPROVISION')::int::bigint`, type: 'bigint' },
    { sql: (row) => row('created_at'), type: 'timestamptz' },
    { sql: (row) => row('id'), type: 'uuid' },
  ],
};

/** The tasks that were claimed; the code that reads gives their ids as an array of PostgreSQL's. */
export const claimedTasks: Read = {
  kind: 'list',
  of: () => taskProjection,
  where: (row) => sql`${row('id')} = any(${given('uuid[]', 'id')})`,
  order: asHandedOut,
};

function filtered(row: Row, filter: FieldArguments, eyes: Eyes): Sql {
  const conditions = [sql`true`];
  const add = (name: string, condition: () => Sql) => {
    if (filter.has(name)) conditions.push(condition());
  };
  const either = (name: string, condition: Sql) => sql`${condition} = ${filter.value(name, 'boolean')}`;
  add('statuses', () => sql`${row('status')} = any(${filter.words('statuses')})`);
  add('kinds', () => sql`${row('kind')} = any(${filter.words('kinds')})`);
  add('productCode', () => sql`${row('product_code')} = ${filter.value('productCode', 'text')}`);
  add('grantId', () => sql`${row('grant_id')} = ${filter.id('grantId', 'grant')}`);
  add(
    'directiveId',
    () => sql`${row('directive_ids')} @> array[${filter.id('directiveId', 'directive')}]
    and ${row('directive_ids')} <> '{}'`,
  );
  add('isOverdue', () => either('isOverdue', isOverdue(row, eyes)));
  add('isEscalated', () => either('isEscalated', sql`(${row('escalated_at')} is not null)`));
  add('awaitsReadBack', () => either('awaitsReadBack', awaitsReadBack(row)));
  return sql.join(conditions, sql` and `);
}

/** What the queries of the same names answer. */
export const provisioningReads = {
  provisioningTask: {
    kind: 'one',
    of: () => taskProjection,
    where: (row, args) => sql`${row('id')} = ${args.id('id', 'provisioningtask')}`,
  },
  provisioningTasks: {
    kind: 'connection',
    of: () => taskProjection,
    where: (row, args, eyes) => filtered(row, args.within('filter'), eyes),
    order: asHandedOut,
  },
  provisioningSystems: {
    kind: 'list',
    of: () => systemProjection,
    where: () => sql`true`,
    order: oldestFirst,
  },
} as const satisfies Record<string, Read>;
