import { type RawBuilder, sql } from 'kysely';
import type { ToldEvent } from '../events/told-event.js';
import { allStaffRoles, type Role, type StaffRole } from '../lifecycle/roles.js';
import type { RawSql } from '../platform/database/database.js';
import { type IdKind, parseId } from '../platform/ids.js';
import { type Audience, capacities } from './letters.js';
import { usualDigest } from './notification-settings.entity.js';

type Condition = RawBuilder<unknown>;

/** Somebody who is to hear of an event, and how they chose to. */
export interface Recipient {
  readonly personId: string;
  readonly email: string;
  /** What they chose of letters about the event; null when they have not. */
  readonly chosen: string | null;
  readonly digest: DigestTime;
}

/** When somebody's daily e-mail comes. */
export interface DigestTime {
  readonly hour: number;
  readonly timeZone: string;
}

/** Whether whoever did it is told, too. */
interface Telling {
  readonly to: Audience;
  readonly receipt?: boolean;
}

interface RecipientRow {
  readonly event_id: string;
  readonly id: string;
  readonly email: string;
  readonly chosen: string | null;
  readonly hour: number;
  readonly zone: string;
}

type MemberAudience = 'MEMBERS' | 'APPLICANTS' | 'OWNERS';

function isOfMembers(audience: Audience): audience is MemberAudience {
  return capacities[audience].as === 'MEMBER';
}

/** Of each event, those who belong to an audience; whoever did it is among them only when asked for. */
export async function recipientsOf(
  database: RawSql,
  { to, receipt = false }: Telling,
  events: readonly ToldEvent[],
): Promise<ReadonlyMap<string, readonly Recipient[]>> {
  const found = isOfMembers(to)
    ? await membersOf(database, events, { roles: capacities[to].roles, receipt })
    : await othersOf(database, events, { to, receipt });
  const byEvent = Map.groupBy(found, (row) => row.event_id);
  return new Map(
    [...byEvent].map(([eventId, rows]) => [
      eventId,
      rows.map(({ id, email, chosen, hour, zone }) => ({
        personId: id,
        email,
        chosen,
        digest: { hour, timeZone: zone },
      })),
    ]),
  );
}

const asChosen = sql`u.id, u.email, coalesce(s.digest_hour, ${usualDigest.hour}::integer) as hour,
  coalesce(s.time_zone, ${usualDigest.timeZone}) as zone`;

/** In one statement for all events: a halt has one for each of thousands of grants. No roles: whatever role they have. */
async function membersOf(
  database: RawSql,
  events: readonly ToldEvent[],
  { roles, receipt }: { readonly roles: readonly Role[]; readonly receipt: boolean },
): Promise<readonly RecipientRow[]> {
  const told = events.map(({ id, name, organizationId, personId }) => ({
    id,
    name,
    organization_id: organizationId,
    person_id: receipt ? null : personId,
  }));
  const found = await sql<RecipientRow>`select e.id as event_id, s.choices ->> e.name as chosen, ${asChosen}
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as e (id uuid, name text, organization_id uuid, person_id uuid)
      join membership as m on m.organization_id = e.organization_id join auth_user as u on u.id = m.user_id
      left join notification_settings as s on s.user_id = u.id
    where u.id is distinct from e.person_id
      and (${roles.length === 0} or m.role = any(${`{${roles.join(',')}}`}::text::text[]))
    order by u.email`.execute(database);
  return found.rows;
}

async function othersOf(
  database: RawSql,
  events: readonly ToldEvent[],
  { to, receipt }: { readonly to: Exclude<Audience, MemberAudience>; readonly receipt: boolean },
): Promise<readonly RecipientRow[]> {
  const found: RecipientRow[] = [];
  for (const event of events) {
    const others = receipt || event.personId === null ? sql`true` : sql`u.id <> ${event.personId}`;
    const { rows } = await sql<RecipientRow>`
      select ${event.id}::text as event_id, s.choices ->> ${event.name} as chosen, ${asChosen}
      from auth_user as u left join notification_settings as s on s.user_id = u.id
      where ${condition(to, event)} and ${others} order by u.email`.execute(database);
    found.push(...rows);
  }
  return found;
}

/** In which roles an audience is told; none when it takes no certain role. */
export function rolesOf(audience: Audience, event: ToldEvent): readonly Role[] {
  return audience === 'ROLES_NAMED' ? rolesIn(event) : capacities[audience].roles;
}

/** In SQL: does the person `u` belong to the audience? */
function condition(audience: Exclude<Audience, MemberAudience>, event: ToldEvent): Condition {
  switch (audience) {
    case 'INTAKE':
      return isStaff(event, 'INTAKE');
    case 'REVIEWERS':
      return isStaff(event, 'REVIEWER');
    case 'DECIDERS':
      return isStaff(event, 'DECIDER');
    case 'PROGRAM_MANAGERS':
      return isStaff(event, 'PROGRAM_MANAGER');
    case 'ADMINS':
      return isStaff(event, 'ADMIN');
    case 'ASSIGNEE':
      return sql`exists (select from application as a join staff_member as s on s.id = a.assignee_id
        where a.id = ${event.applicationId} and s.user_id = u.id and s.active)`;
    case 'ASKER':
      return sql`exists (select from information_request as r join staff_member as s on s.user_id = r.asked_by
        where r.id = ${idIn(event, 'informationRequestId', 'inforequest')} and r.asked_by = u.id and s.active)`;
    case 'PROPOSER':
      return sql`exists (select from decision as d join staff_member as s on s.user_id = d.proposed_by
        where d.id = ${idIn(event, 'decisionId', 'decision')} and d.proposed_by = u.id and s.active)`;
    case 'REOPENER':
      return sql`exists (select from reopening as r join staff_member as s on s.user_id = r.proposed_by
        where r.id = ${idIn(event, 'reopeningId', 'reopening')} and r.proposed_by = u.id and s.active)`;
    case 'ADJUDICATOR':
      return sql`exists (select from screening_adjudication as j join staff_member as s on s.user_id = j.proposed_by
        where j.id = ${idIn(event, 'adjudicationId', 'adjudication')} and j.proposed_by = u.id and s.active)`;
    case 'PERSON':
      return sql`u.id = ${idIn(event, 'personId', 'person')}`;
    case 'STAFF_MEMBER':
      return sql`exists (select from staff_member as s
        where s.id = ${idIn(event, 'staffId', 'staff')} and s.user_id = u.id and s.active)`;
    case 'ROLES_NAMED':
      return isStaff(event, ...rolesIn(event));
    case 'MENTIONED':
      return sql`exists (select from staff_member as s where s.user_id = u.id and s.active
          and s.id = any(${`{${idsIn(event, 'mentioned', 'staff').join(',')}}`}::text::uuid[]))
        and ${isUninvolved(event)}`;
  }
}

/** Those who may not handle the organization's affairs, being recused or members, are not told of work to do on them. */
function isStaff(event: ToldEvent, ...roles: readonly string[]): Condition {
  return sql`exists (select from staff_member as s where s.user_id = u.id and s.active
      and s.roles && ${`{${roles.join(',')}}`}::text::text[])
    and ${isUninvolved(event)}`;
}

function isUninvolved(event: ToldEvent): Condition {
  return sql`not exists (select from recusal as r where r.user_id = u.id and r.organization_id = ${event.organizationId}
      and r.ended_at is null)
    and not exists (select from membership as m where m.user_id = u.id and m.organization_id = ${event.organizationId})`;
}

function rolesIn({ payload }: ToldEvent): readonly StaffRole[] {
  const named: unknown = payload.roles;
  return Array.isArray(named) ? allStaffRoles.filter((role) => named.includes(role)) : [];
}

/** The database ids behind those of one kind in a list of the event's data. */
function idsIn({ payload }: ToldEvent, field: string, kind: IdKind): readonly string[] {
  const values: unknown = payload[field];
  if (!Array.isArray(values)) return [];
  return values.flatMap((value) => {
    const id = typeof value === 'string' ? parseId(value) : null;
    return id?.kind === kind ? [id.uuid] : [];
  });
}

/** The database id behind an id of the event's data; null, which equals nothing, when there is none of this kind. */
function idIn(event: ToldEvent, field: string, kind: IdKind): string | null {
  const value = event.payload[field];
  const id = typeof value === 'string' ? parseId(value) : null;
  return id?.kind === kind ? id.uuid : null;
}
