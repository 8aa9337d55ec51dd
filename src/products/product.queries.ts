import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { isNoStaff, isSignedIn } from '../api/visibility.js';
import { directivesInForceSql, toDirectives } from '../directives/in-force.queries.js';
import { personProjection } from '../identity/identity.queries.js';
import { type Permission, permissionOf, type ReleaseStatus } from '../lifecycle/release.js';
import { encodeId } from '../platform/ids.js';
import {
  column,
  hiddenFrom,
  idColumn,
  momentColumn,
  oldestFirst,
  type Row,
  type Sql,
} from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';
import { waveProjection } from '../waves/wave.queries.js';

/** What the release is computed from, as JSON. */
function release(row: Row, at: Sql, knownAt: Sql): Sql {
  return sql`json_build_object('code', ${row('code')}, 'stated', ${row('stated_status')}, 'at', ${at}, 'knownAt', ${knownAt},
    'directives', ${directivesInForceSql})`;
}

/** Computes it from the JSON that the expression above composes. */
function toPermission(value: unknown): Permission & { readonly at: Date; readonly knownAt: Date | null } {
  const { code, stated, directives, ...moments } = value as {
    code: string;
    stated: ReleaseStatus;
    directives: unknown;
    at: string;
    knownAt: string | null;
  };
  const at = new Date(moments.at);
  const knownAt = moments.knownAt === null ? null : new Date(moments.knownAt);
  return { ...permissionOf(code, stated, toDirectives(directives), at, knownAt), at, knownAt };
}

export const productProjection: Projection = {
  type: 'Product',
  table: 'product',
  visible: (_row, eyes) => isSignedIn(eyes),
  fields: {
    id: idColumn('product'),
    code: column('code'),
    name: column('name'),
    releaseStatus: {
      kind: 'value',
      sql: (row, eyes) => release(row, eyes.now, sql`null`),
      read: (value) => toPermission(value).status,
    },
    statedStatus: hiddenFrom(isNoStaff, column('stated_status')),
    proposedStatus: hiddenFrom(isNoStaff, column('proposed_status')),
    proposedReason: hiddenFrom(isNoStaff, column('proposed_reason')),
    proposedBy: {
      kind: 'one',
      to: () => personProjection,
      on: (row, person, eyes) =>
        eyes.seesEveryOrganization ? sql`${person('id')} = ${row('proposed_by')}` : sql`false`,
    },
    permission: {
      kind: 'value',
      sql: (row, eyes, args) => {
        if (isNoStaff(eyes)) return sql`null`;
        const moment = (name: string) =>
          args.value(name, 'timestamptz', (value) => (value instanceof Date ? value.toISOString() : null));
        const at = args.has('at') ? moment('at') : eyes.now;
        return release(row, at, args.has('knownAt') ? moment('knownAt') : sql`null`);
      },
      read: (value) => {
        if (value === null) return null;
        const { status, stated, clauses, at, knownAt } = toPermission(value);
        const told = clauses.map(({ directiveId, amendedById, ...clause }) => ({
          ...clause,
          directiveId: encodeId('directive', directiveId),
          amendedById: amendedById && encodeId('directive', amendedById),
        }));
        return { status, stated, clauses: told, at: at.toISOString(), knownAt: knownAt?.toISOString() ?? null };
      },
    },
    waves: {
      kind: 'list',
      to: () => waveProjection,
      on: (row, wave) => sql`${wave('product_code')} = ${row('code')}`,
      order: { direction: 'asc', keys: [{ sql: (wave) => wave('number'), type: 'bigint' }] },
    },
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export const productById: Read = byGivenId(() => productProjection);

/** What the queries of the same names answer. */
export const productReads = {
  product: {
    kind: 'one',
    of: () => productProjection,
    where: (row, args) => sql`${row('code')} = ${args.value('code', 'text')}`,
  },
  products: {
    kind: 'list',
    of: () => productProjection,
    where: () => sql`true`,
    order: oldestFirst,
  },
} as const satisfies Record<string, Read>;
