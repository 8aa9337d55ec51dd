import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import { column, idColumn, momentColumn } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

/** Views of one's own, and those that colleagues share; for staff only, machines of the operator among them. */
export const savedViewProjection: Projection = {
  type: 'SavedView',
  table: 'saved_view',
  visible: (row, eyes) =>
    eyes.seesEveryOrganization ? sql`(${row('is_shared')} or ${row('owner_id')} = ${eyes.personId})` : sql`false`,
  fields: {
    id: idColumn('savedview'),
    name: column('name'),
    filter: column('filter'),
    search: column('search'),
    sort: column('sort'),
    isShared: column('is_shared'),
    owner: personWhoseIdIs('owner_id'),
    createdAt: momentColumn('created_at'),
    updatedAt: momentColumn('updated_at'),
    version: column('version'),
  },
};

export const savedViewById: Read = byGivenId(() => savedViewProjection);

/** What the queries of the same names answer. */
export const savedViewReads = {
  savedViews: {
    kind: 'connection',
    of: () => savedViewProjection,
    where: (row, args, eyes) => {
      if (args.shaped('own') === true) return sql`${row('owner_id')} = ${eyes.personId}`;
      return sql`true`;
    },
  },
} as const satisfies Record<string, Read>;
