import { defineEntity, p } from '@mikro-orm/core';
import type { HitStatus, Verdict } from '../lifecycle/screening.js';
import { key, moment, version } from '../platform/columns.js';
import type { Explanation } from './match-score.js';

export const runTriggers = {
  SUBMISSION: 'An application was submitted.',
  NEW_MEMBER: 'Somebody joined the organization.',
  NAMED_USER: 'Somebody was named as a user of a grant.',
  CATCH_UP: 'A list, the organization or the rules of screening changed, or it was never screened before.',
  MANUAL: 'A member of staff asked for it.',
} as const;

export type RunTrigger = keyof typeof runTriggers;

/** Whom of ours a list may name. */
export const subjectKinds = {
  ORGANIZATION: 'The organization itself.',
  PERSON: 'A person who belongs to it.',
  NAMED_USER: 'A person it named as a user of a grant; it keeps out that user, and nobody else.',
} as const;

export type SubjectKind = keyof typeof subjectKinds;

/** Against what, how and with what result an organization and its members were screened. */
const runSchema = defineEntity({
  name: 'ScreeningRun',
  tableName: 'screening_run',
  properties: {
    id: key(),
    organizationId: p.uuid(),
    trigger: p.text().$type<RunTrigger>(),
    requestedBy: p.uuid().nullable(),
    at: moment(),
    threshold: p.integer(),
    matcher: p.integer(),
    lists: p.json<{ readonly code: string; readonly number: number }[]>(),
    subjects: p.json<{ readonly kind: SubjectKind; readonly name: string }[]>(),
    opened: p.integer(),
    reopened: p.integer(),
    carriedOver: p.integer(),
    lapsed: p.integer(),
  },
});

export class ScreeningRun extends runSchema.class {}
runSchema.setClass(ScreeningRun);

/** Somebody of an organization's is called like an entry of a list; who and what that is, stays the same for good. */
const hitSchema = defineEntity({
  name: 'ScreeningHit',
  tableName: 'screening_hit',
  properties: {
    id: key(),
    organizationId: p.uuid(),
    subjectKind: p.text().$type<SubjectKind>(),
    subjectId: p.uuid(),
    listId: p.uuid(),
    reference: p.text(),
    status: p.text().$type<HitStatus>(),
    carriedFromId: p.uuid().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class ScreeningHit extends hitSchema.class {}
hitSchema.setClass(ScreeningHit);

/** What was found, each time that the entry or the name was another; never changed. */
const matchSchema = defineEntity({
  name: 'ScreeningMatch',
  tableName: 'screening_match',
  properties: {
    id: key(),
    hitId: p.uuid(),
    runId: p.uuid(),
    entryId: p.uuid(),
    subjectName: p.text(),
    subjectSignificance: p.text(),
    score: p.integer(),
    explanation: p.json<Explanation>(),
    foundAt: moment(),
  },
});

export class ScreeningMatch extends matchSchema.class {}
matchSchema.setClass(ScreeningMatch);

export const adjudicationStatuses = {
  PROPOSED: 'Waits for another person.',
  CONFIRMED: 'Another person confirmed it.',
  DECLINED: 'Another person declined it, for the reason shown.',
  LAPSED: 'Not decided before the entry or the name changed.',
} as const;

export type AdjudicationStatus = keyof typeof adjudicationStatuses;

/** What somebody made of a match, and somebody else of that. Kept for good; a later one supersedes it. */
const adjudicationSchema = defineEntity({
  name: 'ScreeningAdjudication',
  tableName: 'screening_adjudication',
  properties: {
    id: key(),
    hitId: p.uuid(),
    matchId: p.uuid(),
    verdict: p.text().$type<Verdict>(),
    reason: p.text(),
    status: p.text().$type<AdjudicationStatus>(),
    proposedBy: p.uuid(),
    proposedAt: moment(),
    decidedBy: p.uuid().nullable(),
    decidedAt: moment().nullable(),
    declinedReason: p.text().nullable(),
    version: version(),
  },
});

export class ScreeningAdjudication extends adjudicationSchema.class {}
adjudicationSchema.setClass(ScreeningAdjudication);
