import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { Refusal } from '../platform/errors.js';
import type { FieldArguments } from '../platform/reading/arguments.js';
import type { Ways } from '../platform/reading/connection-sql.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { visibleStatus } from './application.queries.js';

/** How many keys, queues or countries a filter may name, and how long each may be. */
const mostTexts = 50;
const longestText = 100;

/**
 * Which applications a filter leaves, as a condition. What only staff know of an application narrows it for staff only.
 * @param besides the parts of the filter that the caller sees to
 */
export function filtered(row: Row, filter: FieldArguments, eyes: Eyes, besides?: 'organizations'): Sql {
  const ofWhom = besides === undefined && isOfOrganizations(filter) ? [isOfAny(row, filter)] : [];
  const forStaff = forStaffOnly(row, filter, eyes);
  const seen = forStaff.length > 0 ? [isSeenByStaff(row('organization_id'), eyes)] : [];
  return sql.join([sql`true`, ...seen, ...forStaff, ...ofWhom, ...forEverybody(row, filter, eyes)], sql` and `);
}

/** Does the filter leave so few that they are gone through one by one? */
export function isNarrow(filter: FieldArguments): boolean {
  return filter.has('organizationId') || filter.has('reference');
}

function forEverybody(row: Row, filter: FieldArguments, eyes: Eyes): readonly Sql[] {
  const given = (name: string, condition: () => Sql) => (filter.has(name) ? [condition()] : []);
  return [
    ...given('statuses', () => sql`${visibleStatus(row, eyes)} = any(${filter.words('statuses')})`),
    ...given('kinds', () => sql`${row('kind')} = any(${filter.words('kinds')})`),
    ...given('stageKeys', () => sql`${row('stage_key')} = any(${texts(filter, 'stageKeys')})`),
    ...given('programId', () => sql`${row('program_id')} = ${filter.id('programId', 'program')}`),
    ...given('reference', () => sql`${row('reference')} = ${text(filter, 'reference')}`),
    ...given('organizationId', () => sql`${row('organization_id')} = ${filter.id('organizationId', 'organization')}`),
    ...window(row('submitted_at'), filter, 'submitted'),
    ...window(row('decided_at'), filter, 'decided'),
    ...window(row('updated_at'), filter, 'updated'),
  ];
}

function forStaffOnly(row: Row, filter: FieldArguments, eyes: Eyes): readonly Sql[] {
  const conditions: Sql[] = [...window(row('due_at'), filter, 'due')];
  if (filter.has('queues')) conditions.push(sql`${row('queue')} = any(${texts(filter, 'queues')})`);
  if (filter.has('assigneeId')) conditions.push(sql`${row('assignee_id')} = ${filter.id('assigneeId', 'staff')}`);
  if (filter.has('isAssigned')) {
    conditions.push(sql`${row('assignee_id')} is ${filter.shaped('isAssigned') === true ? sql`not null` : sql`null`}`);
  }
  if (filter.has('isOverdue')) {
    conditions.push(sql`${row('due_at')} ${filter.shaped('isOverdue') === true ? sql`<` : sql`>=`} ${eyes.now}`);
  }
  return conditions;
}

/** From a moment on, and before another. */
function window(column: Sql, filter: FieldArguments, name: string): readonly Sql[] {
  const conditions: Sql[] = [];
  if (filter.has(`${name}From`)) conditions.push(sql`${column} >= ${moment(filter, `${name}From`)}`);
  if (filter.has(`${name}Before`)) conditions.push(sql`${column} < ${moment(filter, `${name}Before`)}`);
  return conditions;
}

/** Is it a filter of what organizations are, by which many or hardly any of them may be meant? */
export function isOfOrganizations(filter: FieldArguments): boolean {
  return filter.has('sectors') || filter.has('countries');
}

function isOfAny(row: Row, filter: FieldArguments): Sql {
  return sql`exists (select from organization as o
    where o.id = ${row('organization_id')} and ${isMeant(filter)})`;
}

function isMeant(filter: FieldArguments): Sql {
  const sectors = filter.has('sectors') ? [sql`o.sector = any(${filter.words('sectors')})`] : [];
  const countries = filter.has('countries') ? [sql`o.country = any(${texts(filter, 'countries')})`] : [];
  return sql.join([...sectors, ...countries], sql` and `);
}

/** Of so many organizations, all applications are gathered; of more, one soon comes upon enough of them. */
const fewOrganizations = 500;

/** By the applications of each organization that is meant, when these are few; otherwise one application after the other. */
export function waysByOrganization(row: Row, filter: FieldArguments): Ways {
  return {
    isFirst: sql`((select count(*) from (select from organization as o where ${isMeant(filter)}
      limit ${sql.lit(fewOrganizations + 1)}) as meant) <= ${sql.lit(fewOrganizations)})`,
    first: sql`${row('organization_id')} = any(array(select o.id from organization as o where ${isMeant(filter)}))`,
    second: isOfAny(row, filter),
  };
}

function moment(filter: FieldArguments, name: string): Sql {
  return filter.value(name, 'timestamptz', (value) => requireMoment(value, ['filter', name]).toISOString());
}

function text(filter: FieldArguments, name: string): Sql {
  return filter.value(name, 'text', (value) => requireShort(String(value), ['filter', name]));
}

function texts(filter: FieldArguments, name: string): Sql {
  return filter.texts(name, (values) => requireFew(values, ['filter', name]));
}

/** PostgreSQL knows no moments further away than these. */
const earliest = Date.UTC(1, 0, 1);
const latest = Date.UTC(9999, 11, 31);

/** @throws Refusal INVALID for a moment that is none that anything here could have */
export function requireMoment(value: unknown, path: readonly string[]): Date {
  if (value instanceof Date && value.getTime() >= earliest && value.getTime() <= latest) return value;
  throw Refusal.of('INVALID', 'Give a moment between the years 1 and 9999.', path);
}

/** @throws Refusal INVALID for a text that is too long, or holds what no text here can hold */
export function requireShort(value: string, path: readonly string[]): string {
  if (value.length <= longestText && value.isWellFormed() && !value.includes('\0')) return value;
  throw Refusal.of('INVALID', `At most ${longestText} characters fit here, and no U+0000 among them.`, path);
}

/** @throws Refusal LIMIT_REACHED for too many of them, INVALID for one that is no good */
export function requireFew(values: unknown, path: readonly string[]): readonly string[] {
  if (!Array.isArray(values)) return [];
  if (values.length > mostTexts) {
    throw Refusal.of('LIMIT_REACHED', `At most ${mostTexts} fit here, and these are ${values.length}.`, path);
  }
  return values.map((value, position) => requireShort(String(value), [...path, String(position)]));
}
