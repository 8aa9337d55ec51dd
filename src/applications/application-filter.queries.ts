import { sql } from 'kysely';
import type { Eyes } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { awaitsReply, hasUnreadMessages } from '../correspondence/message.queries.js';
import { isUp } from '../flags/flag.queries.js';
import { Refusal } from '../platform/errors.js';
import type { FieldArguments } from '../platform/reading/arguments.js';
import type { Row, Sql } from '../platform/reading/projection.js';
import { applicationScore } from '../reviews/application-score.queries.js';
import { visibleStatus } from './application.queries.js';

/** How many keys, queues or countries a filter may name, and how long each may be. */
const mostTexts = 50;
const longestText = 100;

/** Parts of a filter for which there is another way than to look at each application. */
export type Part = 'organizations' | 'flags' | 'scores';

/**
 * Which applications a filter leaves, as a condition. What only staff know of an application narrows it for staff only.
 * @param besides the part of the filter that the caller sees to
 */
export function filtered(row: Row, filter: FieldArguments, eyes: Eyes, besides: Part | null): Sql {
  const given: Readonly<Record<Part, readonly Sql[]>> = {
    organizations: isOfOrganizations(filter) ? [isOfAny(row, filter)] : [],
    flags: filter.has('flags') ? [isFlagged(row, filter, eyes)] : [],
    scores: filter.has('scoreFrom') || filter.has('scoreBelow') ? [isScored(row, filter, eyes)] : [],
  };
  const forStaff = forStaffOnly(row, filter, eyes);
  const isOfStaff = forStaff.length > 0 || ofStaff.some((name) => filter.has(name));
  const seen = isOfStaff ? [isSeenByStaff(row('organization_id'), eyes)] : [];
  const left = (['organizations', 'flags', 'scores'] as const).filter((part) => part !== besides);
  const others = left.flatMap((part) => given[part]);
  return sql.join([sql`true`, ...seen, ...forStaff, ...others, ...forEverybody(row, filter, eyes)], sql` and `);
}

/** What only staff know, in those parts. */
const ofStaff = ['risks', 'flags', 'scoreFrom', 'scoreBelow'];

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
    ...given(
      'productCodes',
      () => sql`${row('program_id')} = any(array(select p.id from program as p
        where p.product_code = any(${texts(filter, 'productCodes')})))`,
    ),
    ...given('reference', () => sql`${row('reference')} = ${text(filter, 'reference')}`),
    ...given('organizationId', () => sql`${row('organization_id')} = ${filter.id('organizationId', 'organization')}`),
    ...given('hasUnreadMessages', () => held(filter.shaped('hasUnreadMessages'), hasUnreadMessages(row, eyes))),
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
  if (filter.has('awaitsReply')) conditions.push(held(filter.shaped('awaitsReply'), awaitsReply(row)));
  return conditions;
}

/** Does it hold, or, when that is asked for, does it not? */
function held(wanted: unknown, condition: Sql): Sql {
  return wanted === true ? condition : sql`not ${condition}`;
}

/** From a moment on, and before another. */
function window(column: Sql, filter: FieldArguments, name: string): readonly Sql[] {
  const conditions: Sql[] = [];
  if (filter.has(`${name}From`)) conditions.push(sql`${column} >= ${moment(filter, `${name}From`)}`);
  if (filter.has(`${name}Before`)) conditions.push(sql`${column} < ${moment(filter, `${name}Before`)}`);
  return conditions;
}

/** Is it a filter of what organizations are, by which many or hardly any of them may be meant? */
function isOfOrganizations(filter: FieldArguments): boolean {
  return filter.has('sectors') || filter.has('countries') || filter.has('risks');
}

export function isOfAny(row: Row, filter: FieldArguments): Sql {
  return sql`exists (select from organization as o
    where o.id = ${row('organization_id')} and ${isMeant(filter)})`;
}

/** In SQL: is the organization `o` meant? */
export function isMeant(filter: FieldArguments): Sql {
  const sectors = filter.has('sectors') ? [sql`o.sector = any(${filter.words('sectors')})`] : [];
  const countries = filter.has('countries') ? [sql`o.country = any(${texts(filter, 'countries')})`] : [];
  const risks = filter.has('risks') ? [sql`o.risk = any(${filter.words('risks')})`] : [];
  return sql.join([...sectors, ...countries, ...risks], sql` and `);
}

/** In SQL: is one of the flags up on the application, or on its organization? */
export function isFlagged(row: Row, filter: FieldArguments, eyes: Eyes): Sql {
  const isMeantFlag = flagsMeant(filter, eyes);
  return sql`(exists (select from flag as f where f.application_id = ${row('id')} and ${isMeantFlag})
    or exists (select from flag as f where f.organization_id = ${row('organization_id')} and f.application_id is null
      and ${isMeantFlag}))`;
}

/** In SQL: is the flag `f` up, and one of those meant? */
export function flagsMeant(filter: FieldArguments, eyes: Eyes): Sql {
  const definitions = sql`select d.id from flag_definition as d where d.key = any(${texts(filter, 'flags')})`;
  return sql`f.definition_id = any(array(${definitions})) and ${isUp((name) => sql.ref(`f.${name}`), eyes.now)}`;
}

/** In SQL: is its mean score, as far as the viewer may know it, within the bounds? */
export function isScored(row: Row, filter: FieldArguments, eyes: Eyes): Sql {
  const bounds = [
    ...(filter.has('scoreFrom') ? [sql`mean.score >= ${score(filter, 'scoreFrom')}`] : []),
    ...(filter.has('scoreBelow') ? [sql`mean.score < ${score(filter, 'scoreBelow')}`] : []),
  ];
  return sql`(select ${sql.join(bounds, sql` and `)} from (select ${applicationScore(row, eyes)} as score) as mean)`;
}

/** In SQL: does the recommendation `r`, which stands, score so that the mean could be within the bounds? */
export function scoresMeant(filter: FieldArguments): Sql {
  const one = filter.has('scoreFrom')
    ? sql`r.score >= ${score(filter, 'scoreFrom')} - 0.05`
    : sql`r.score < ${score(filter, 'scoreBelow')} + 0.05`;
  return sql`r.superseded_at is null and ${one}`;
}

function score(filter: FieldArguments, name: string): Sql {
  return filter.value(name, 'float8', (value) => requireScore(value, ['filter', name]));
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

/** @throws Refusal INVALID for what no score can be */
export function requireScore(value: unknown, path: readonly string[]): number {
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  throw Refusal.of('INVALID', 'A score is a number from 0 to 100.', path);
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
