import { sql } from 'kysely';
import type { Projection, Read } from '../api/eyes.js';
import { isOwn, isSeenByStaff } from '../api/visibility.js';
import { personToldTo, personWhoseIdIs } from '../identity/identity.queries.js';
import { standingOf } from '../lifecycle/actor.js';
import { availableRecertificationCommands, type RecertificationFacts } from '../lifecycle/recertification.js';
import { column, idColumn, momentColumn } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

export const recertificationProjection: Projection = {
  type: 'Recertification',
  table: 'recertification',
  visible: (row, eyes) => (eyes.seesEveryOrganization ? sql`true` : isOwn(row('organization_id'), eyes)),
  fields: {
    id: idColumn('recertification'),
    grantId: idColumn('grant', 'grant_id'),
    status: column('status'),
    openedAt: momentColumn('opened_at'),
    dueAt: momentColumn('due_at'),
    isOverdue: {
      kind: 'value',
      sql: (row, eyes) => sql`(${row('status')} <> 'CONFIRMED' and ${row('due_at')} <= ${eyes.now})`,
    },
    statement: column('statement'),
    attestedBy: personWhoseIdIs('attested_by'),
    attestedAt: momentColumn('attested_at'),
    declinedReason: column('declined_reason'),
    confirmedBy: personToldTo('confirmed_by', (row, eyes) => isSeenByStaff(row('organization_id'), eyes)),
    confirmedAt: momentColumn('confirmed_at'),
    availableCommands: {
      kind: 'value',
      sql: (row) => sql`json_build_object('status', ${row('status')}, 'dueAt', ${row('due_at')},
        'remindedAt', ${row('reminded_at')}, 'overdueAt', ${row('overdue_at')}, 'organizationId', ${row('organization_id')},
        'grantStatus', (select g.status from access_grant as g where g.id = ${row('grant_id')}))`,
      read: (value, { actor, now }) => {
        const { organizationId, ...facts } = toFacts(value);
        return availableRecertificationCommands(facts, standingOf(actor, organizationId), now);
      },
    },
    version: column('version'),
  },
};

/** Reads the JSON that the field above composes. */
function toFacts(value: unknown): RecertificationFacts & { readonly organizationId: string } {
  const { dueAt, remindedAt, overdueAt, ...facts } = value as Pick<RecertificationFacts, 'status' | 'grantStatus'> & {
    dueAt: string;
    remindedAt: string | null;
    overdueAt: string | null;
    organizationId: string;
  };
  const moment = (text: string | null) => (text === null ? null : new Date(text));
  return { ...facts, dueAt: new Date(dueAt), remindedAt: moment(remindedAt), overdueAt: moment(overdueAt) };
}

export const recertificationById: Read = byGivenId(() => recertificationProjection);
