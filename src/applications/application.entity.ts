import { defineEntity, p } from '@mikro-orm/core';
import type { ApplicationKind } from '../lifecycle/amendment.js';
import type { ApplicationStatus } from '../lifecycle/application.js';
import type { ClockCause } from '../lifecycle/clock-record.js';
import type { ClockInterval } from '../lifecycle/working-time.js';
import { key, moment, version } from '../platform/columns.js';

/** What a partner has answered so far: a JSON object that need not be complete or valid while it is a draft. */
export type Answers = Readonly<Record<string, unknown>>;

/** An organization's request to be let in to a program's product. */
const applicationSchema = defineEntity({
  name: 'Application',
  tableName: 'application',
  properties: {
    id: key(),
    reference: p.text(),
    organizationId: p.uuid(),
    programId: p.uuid(),
    programVersionId: p.uuid(),
    kind: p.text().$type<ApplicationKind>().default('NEW'),
    /** The application that the grant follows from, when this one amends it. */
    amendsId: p.uuid().nullable(),
    status: p.text().$type<ApplicationStatus>(),
    statusBefore: p.text().$type<ApplicationStatus>().nullable(),
    stageKey: p.text().nullable(),
    queue: p.text().nullable(),
    assigneeId: p.uuid().nullable(),
    answers: p.json<Answers>(),
    revision: p.integer(),
    createdBy: p.uuid(),
    submittedAt: moment().nullable(),
    stageEnteredAt: moment().nullable(),
    dueAt: moment().nullable(),
    decidedAt: moment().nullable(),
    appealedAt: moment().nullable(),
    closedReason: p.text().nullable(),
    version: version(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

/** A document as it stood in a revision. */
export interface RevisionDocument {
  readonly documentId: string;
  readonly requirementKey: string;
  readonly fileName: string;
  readonly sha256: string;
}

/** What was submitted, as it was submitted. */
const revisionSchema = defineEntity({
  name: 'ApplicationRevision',
  tableName: 'application_revision',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    number: p.integer(),
    answers: p.json<Answers>(),
    documents: p.json<RevisionDocument[]>(),
    submittedBy: p.uuid(),
    submittedAt: moment(),
  },
});

export class ApplicationRevision extends revisionSchema.class {}
revisionSchema.setClass(ApplicationRevision);

/** Who accepted which terms for the application, when and from where. */
const acceptanceSchema = defineEntity({
  name: 'TermsAcceptance',
  tableName: 'terms_acceptance',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    organizationId: p.uuid(),
    termsVersionId: p.uuid(),
    bodySha256: p.text(),
    acceptedBy: p.uuid(),
    ipAddress: p.text().nullable(),
    acceptedAt: moment(),
  },
});

export class TermsAcceptance extends acceptanceSchema.class {}
acceptanceSchema.setClass(TermsAcceptance);

/**
 * A stretch of time during which a stage's clock ran or was paused. One that runs says until when the stage, and the
 * whole application, should be done, as told when it began.
 */
const intervalSchema = defineEntity({
  name: 'ClockIntervalRow',
  tableName: 'clock_interval',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    stageKey: p.text(),
    kind: p.text().$type<'RUNNING' | 'PAUSED'>(),
    cause: p.text().$type<ClockCause>(),
    startedAt: moment(),
    endedAt: moment().nullable(),
    dueAt: moment().nullable(),
    warnAt: moment().nullable(),
    decisionDueAt: moment().nullable(),
    decisionWarnAt: moment().nullable(),
    /** When staff are next to be told that the time is nearly over, or over; null when there is nothing left to tell. */
    noticeAt: moment().nullable(),
  },
});

export class ClockIntervalRow extends intervalSchema.class {}
intervalSchema.setClass(ClockIntervalRow);

/** An interval of the clock, and at which stage it counts. */
type StageInterval = ClockInterval & { readonly stageKey: string };

/** What was charged before, and the interval that is open now. */
export interface ApplicationClock {
  readonly closed: readonly StageInterval[];
  readonly open: (StageInterval & { readonly id: string }) | null;
}

export class Application extends applicationSchema.class {
  /** Its clock; there once it was loaded for a command. */
  clock?: ApplicationClock;
}
applicationSchema.setClass(Application);
