import { defineEntity, p } from '@mikro-orm/core';
import type { RecusalKind } from '../lifecycle/recusal.js';
import type { StaffRole } from '../lifecycle/roles.js';
import type { CriterionScore } from '../lifecycle/scorecard.js';
import type { StandardStatement } from '../lifecycle/standard-texts.js';
import { key, moment, version } from '../platform/columns.js';

export const recommendationKinds = {
  APPROVE: 'Grant access as applied for.',
  APPROVE_WITH_CONDITIONS: 'Grant access under the conditions given.',
  REFUSE: 'Do not grant access.',
  NO_OPINION: 'Examined, with nothing to say either way.',
} as const;

export type RecommendationKind = keyof typeof recommendationKinds;

/** One reviewer's recommendation at one stage. A changed one supersedes the earlier; none is deleted. */
const recommendationSchema = defineEntity({
  name: 'Recommendation',
  tableName: 'recommendation',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    revision: p.integer(),
    stageKey: p.text(),
    reviewerId: p.uuid(),
    role: p.text().$type<StaffRole>(),
    kind: p.text().$type<RecommendationKind>(),
    comment: p.text(),
    conditions: p.json<string[]>(),
    scores: p.json<CriterionScore[]>().defaultRaw(`'[]'`),
    /** What they come to, out of 100; null without any. */
    score: p.double().nullable(),
    recommendedAt: moment(),
    supersededAt: moment().nullable(),
  },
});

export class Recommendation extends recommendationSchema.class {}
recommendationSchema.setClass(Recommendation);

export const checkOutcomes = {
  PASSED: 'Looked into, and as it should be.',
  FAILED: 'Looked into, and not as it should be.',
} as const;

export type CheckOutcome = keyof typeof checkOutcomes;

/** What came of a check that a stage asks for. A changed one supersedes the earlier; none is deleted. */
const checkResultSchema = defineEntity({
  name: 'CheckResult',
  tableName: 'check_result',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    revision: p.integer(),
    stageKey: p.text(),
    checkKey: p.text(),
    outcome: p.text().$type<CheckOutcome>(),
    note: p.text(),
    markedBy: p.uuid(),
    markedAt: moment(),
    supersededAt: moment().nullable(),
  },
});

export class CheckResult extends checkResultSchema.class {}
checkResultSchema.setClass(CheckResult);

/**
 * A member of staff who must not judge an organization. Declared ones are written here; the others, which have no
 * application, the database keeps up itself whenever members, staff or their addresses change.
 */
const recusalSchema = defineEntity({
  name: 'Recusal',
  tableName: 'recusal',
  properties: {
    id: key(),
    organizationId: p.uuid(),
    applicationId: p.uuid().nullable(),
    userId: p.uuid(),
    kind: p.text().$type<RecusalKind>().default('DECLARED'),
    reason: p.text(),
    declaredAt: moment(),
    endedAt: moment().nullable(),
  },
});

export class Recusal extends recusalSchema.class {}
recusalSchema.setClass(Recusal);

export const decisionOutcomes = {
  APPROVE: 'Grant access.',
  APPROVE_WITH_CONDITIONS: 'Grant access under the conditions given.',
  REFUSE: 'Refuse, for the reasons given.',
} as const;

export type DecisionOutcome = keyof typeof decisionOutcomes;

export const decisionStatuses = {
  PROPOSED: 'Waits for a countersignature.',
  ANNOUNCED: 'A refusal that is countersigned, and that the partner may answer before it is final.',
  COUNTERSIGNED: 'Final.',
  DECLINED: 'Not countersigned; another decision must be proposed.',
  LAPSED: 'Never final: the application was withdrawn, or an announced refusal was answered or taken back.',
} as const;

export type DecisionStatus = keyof typeof decisionStatuses;

/** A decision: proposed by one person, made final by another, or by two others. */
const decisionSchema = defineEntity({
  name: 'Decision',
  tableName: 'decision',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    onAppeal: p.boolean(),
    outcome: p.text().$type<DecisionOutcome>(),
    /** An approval whose grant waits, while the product’s release does not permit it. */
    inPrinciple: p.boolean().default(false),
    reasons: p.json<string[]>(),
    conditions: p.json<string[]>(),
    /** Those of the reasons and of the conditions that are from the library; they come first among them. */
    standardReasons: p.json<StandardStatement[]>().defaultRaw(`'[]'`),
    standardConditions: p.json<StandardStatement[]>().defaultRaw(`'[]'`),
    internalNote: p.text(),
    status: p.text().$type<DecisionStatus>(),
    proposedBy: p.uuid(),
    proposedAt: moment(),
    countersignaturesNeeded: p.integer().default(1),
    /** Of two countersignatures, the first. */
    firstCountersignedBy: p.uuid().nullable(),
    firstCountersignedAt: moment().nullable(),
    /** Who gave the last countersignature, or declined. */
    countersignedBy: p.uuid().nullable(),
    countersignedAt: moment().nullable(),
    /** When it became final, if that was later than its last countersignature. */
    becameFinalAt: moment().nullable(),
    declinedReason: p.text().nullable(),
    /** Of one that was final: when it was set aside, because the application was reopened. */
    supersededAt: moment().nullable(),
    version: version(),
  },
});

export class Decision extends decisionSchema.class {}
decisionSchema.setClass(Decision);
