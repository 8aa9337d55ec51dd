import { sql } from 'kysely';
import type { ProjectedField, Projection, Read } from '../api/eyes.js';
import { isNoStaff } from '../api/visibility.js';
import { personToldTo } from '../identity/identity.queries.js';
import { standingOf } from '../lifecycle/actor.js';
import { availableWaveCommands, type WaveFacts } from '../lifecycle/wave.js';
import { encodeId } from '../platform/ids.js';
import { column, hiddenFrom, idColumn, momentColumn } from '../platform/reading/projection.js';
import { byGivenId } from '../platform/reading/readings.js';

const staffsPerson = (name: string): ProjectedField =>
  personToldTo(name, (_row, eyes) => (isNoStaff(eyes) ? sql`false` : sql`true`));

/** Organizations, by their ids, in their order. */
const idsOfOrganizations = (list: string): ProjectedField => ({
  kind: 'value',
  sql: (row, eyes) => (isNoStaff(eyes) ? sql`'[]'::json` : sql`to_json(${row(list)})`),
  read: (value) => (value as readonly string[]).map((id) => encodeId('organization', id)),
});

const held = (what: string): ProjectedField =>
  hiddenFrom(isNoStaff, {
    kind: 'value',
    sql: (row) => sql`(select coalesce(${sql.raw(what)}, 0)::integer from wave_place as w
      where w.wave_id = ${row('id')} and w.status = 'HELD')`,
  });

export const waveProjection: Projection = {
  type: 'Wave',
  table: 'rollout_wave',
  /** What is only planned is nothing for partners. */
  visible: (row, eyes) => {
    if (eyes.seesEveryOrganization) return sql`true`;
    return eyes.isSignedIn ? sql`${row('status')} in ('CONFIRMED', 'OPEN', 'CLOSED')` : sql`false`;
  },
  fields: {
    id: idColumn('wave'),
    productCode: column('product_code'),
    number: column('number'),
    name: column('name'),
    status: column('status'),
    opensAt: momentColumn('opens_at'),
    closesAt: momentColumn('closes_at'),
    sectors: column('sectors'),
    countries: column('countries'),
    ordering: column('ordering'),
    capacityOrganizations: hiddenFrom(isNoStaff, column('capacity_organizations')),
    capacitySeats: hiddenFrom(isNoStaff, column('capacity_seats')),
    organizationsInside: held('count(distinct w.organization_id)'),
    seatsInside: held('sum(w.seats)'),
    organizationIds: idsOfOrganizations('organizations'),
    priorityIds: idsOfOrganizations('priority'),
    seed: hiddenFrom(isNoStaff, column('seed')),
    plannedBy: staffsPerson('planned_by'),
    plannedAt: hiddenFrom(isNoStaff, momentColumn('planned_at')),
    confirmedBy: staffsPerson('confirmed_by'),
    confirmedAt: momentColumn('confirmed_at'),
    openedAt: momentColumn('opened_at'),
    closedAt: momentColumn('closed_at'),
    closedReason: hiddenFrom(isNoStaff, column('closed_reason')),
    availableCommands: {
      kind: 'value',
      sql: (row) => sql`json_build_object('status', ${row('status')}, 'plannedBy', ${row('planned_by')},
        'opensAt', ${row('opens_at')}, 'closesAt', ${row('closes_at')})`,
      read: (value, { actor, now }) => availableWaveCommands(toFacts(value), standingOf(actor, null), now),
    },
    version: column('version'),
    updatedAt: momentColumn('updated_at'),
  },
};

/** Reads the JSON that the field above composes. */
function toFacts(value: unknown): WaveFacts {
  const { opensAt, closesAt, ...facts } = value as Pick<WaveFacts, 'status' | 'plannedBy'> & {
    readonly opensAt: string;
    readonly closesAt: string | null;
  };
  return { ...facts, opensAt: new Date(opensAt), closesAt: closesAt === null ? null : new Date(closesAt) };
}

/** What a grant has in the waves of its product. Whoever sees the grant sees it. */
export const placeProjection: Projection = {
  type: 'GrantPlace',
  table: 'wave_place',
  visible: () => sql`true`,
  fields: {
    status: column('status'),
    seats: column('seats'),
    position: {
      kind: 'value',
      sql: (row) => sql`(case when ${row('status')} = 'WAITING' then (select count(*) + 1 from wave_place as w
        where w.product_code = ${row('product_code')} and w.status = 'WAITING'
          and (w.order_key, w.waiting_since, w.id) < (${row('order_key')}, ${row('waiting_since')}, ${row('id')})) end)`,
    },
    waitingSince: momentColumn('waiting_since'),
    givenAt: momentColumn('given_at'),
    wave: {
      kind: 'one',
      to: () => waveProjection,
      on: (row, wave) => sql`${wave('id')} = ${row('wave_id')}`,
    },
  },
};

export const waveById: Read = byGivenId(() => waveProjection);
