import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { forStaffOf, isForStaff, isPartnersOwn, staffsPerson } from '../applications/application-part.queries.js';
import { column, idColumn, momentColumn } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

/** Partners see that an application was reopened, and why in words for them; of what is only proposed they see nothing. */
export const reopeningProjection: Projection = {
  type: 'Reopening',
  table: 'reopening',
  visible: (row, eyes) => sql`(${isForStaff(row, eyes)}
    or (${row('status')} = 'CONFIRMED' and ${isPartnersOwn(row, eyes)}))`,
  fields: {
    id: idColumn('reopening'),
    status: column('status'),
    fromStatus: column('from_status'),
    reason: column('reason'),
    internalReason: forStaffOf('internal_reason'),
    declinedReason: forStaffOf('declined_reason'),
    proposedBy: staffsPerson('proposed_by'),
    proposedAt: momentColumn('proposed_at'),
    decidedBy: staffsPerson('decided_by'),
    decidedAt: momentColumn('decided_at'),
  },
};

export const reopeningById: Read = byGivenId(() => reopeningProjection);
