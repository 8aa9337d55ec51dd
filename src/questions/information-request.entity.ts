import { defineEntity, p } from '@mikro-orm/core';
import type { ExtensionOutcome, InformationRequestStatus, ThreadSide } from '../lifecycle/information-request.js';
import { ids, key, moment, words } from '../platform/columns.js';

/** Questions to the partner. While a request is open, the stage's clock is paused. */
const requestSchema = defineEntity({
  name: 'InformationRequest',
  tableName: 'information_request',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    /** Counts the requests of the application, from 1. */
    number: p.integer(),
    status: p.text().$type<InformationRequestStatus>(),
    /** How often it was opened: once, and once more for each time that staff asked again. */
    rounds: p.integer().default(1),
    /** Of staff, for the partner to read. */
    documentIds: ids().defaultRaw(`'{}'`),
    askedBy: p.uuid(),
    askedAt: moment(),
    dueAt: moment(),
    /** When the application lapses without an answer; null when it does not. */
    lapsesAt: moment().nullable(),
    /** When the portal next has something to do about it; null when it has not. */
    noticeAt: moment().nullable(),
    /** Of the latest response. */
    respondedBy: p.uuid().nullable(),
    respondedAt: moment().nullable(),
    closedAt: moment().nullable(),
    closedReason: p.text().nullable(),
  },
});

export class InformationRequest extends requestSchema.class {}
requestSchema.setClass(InformationRequest);

const questionSchema = defineEntity({
  name: 'InformationQuestion',
  tableName: 'information_question',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    requestId: p.uuid(),
    number: p.integer(),
    text: p.text(),
    isRequired: p.boolean(),
    documents: words(),
  },
});

export class InformationQuestion extends questionSchema.class {}
questionSchema.setClass(InformationQuestion);

/** The partner's own until a formal response gives it to staff. From then on it is superseded, never overwritten. */
const answerSchema = defineEntity({
  name: 'InformationAnswer',
  tableName: 'information_answer',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    requestId: p.uuid(),
    questionId: p.uuid(),
    text: p.text(),
    documentIds: ids(),
    savedBy: p.uuid(),
    savedAt: moment(),
    givenBy: p.uuid().nullable(),
    givenAt: moment().nullable(),
    supersededAt: moment().nullable(),
  },
});

export class InformationAnswer extends answerSchema.class {}
answerSchema.setClass(InformationAnswer);

const messageSchema = defineEntity({
  name: 'InformationMessage',
  tableName: 'information_message',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    requestId: p.uuid(),
    number: p.integer(),
    side: p.text().$type<ThreadSide>(),
    text: p.text(),
    writtenBy: p.uuid(),
    writtenAt: moment(),
  },
});

export class InformationMessage extends messageSchema.class {}
messageSchema.setClass(InformationMessage);

const extensionSchema = defineEntity({
  name: 'DueDateExtension',
  tableName: 'due_date_extension',
  properties: {
    id: key(),
    applicationId: p.uuid(),
    requestId: p.uuid(),
    wantedDueAt: moment(),
    reason: p.text(),
    askedBy: p.uuid(),
    askedAt: moment(),
    outcome: p.text().$type<ExtensionOutcome>(),
    outcomeReason: p.text().nullable(),
    decidedBy: p.uuid().nullable(),
    decidedAt: moment().nullable(),
  },
});

export class DueDateExtension extends extensionSchema.class {}
extensionSchema.setClass(DueDateExtension);
