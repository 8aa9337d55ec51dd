import { sql } from 'kysely';
import {
  applicationFactsSql,
  askedByPartners,
  toApplicationFacts,
} from '../../../src/applications/application-facts.queries.js';
import { assignApplication } from '../../../src/applications/assignment.commands.js';
import { submitApplication } from '../../../src/applications/drafting.commands.js';
import {
  advanceStage,
  returnForCorrection,
  returnWithoutAction,
  startReview,
  withdrawApplication,
} from '../../../src/applications/handling.commands.js';
import { sendMessage } from '../../../src/correspondence/message.commands.js';
import { addNote } from '../../../src/correspondence/note.commands.js';
import type { Command, CommandResult } from '../../../src/doorway/command.js';
import { type PersonActor, standingOf } from '../../../src/lifecycle/actor.js';
import { availableApplicationCommands } from '../../../src/lifecycle/application-guards.js';
import type { RawSql } from '../../../src/platform/database/database.js';
import { namedStatement } from '../../../src/platform/database/named-statement.js';
import { Refusal } from '../../../src/platform/errors.js';
import { decodeId, randomIds } from '../../../src/platform/ids.js';
import { respondToInformationRequest, saveInformationAnswers } from '../../../src/questions/answering.commands.js';
import {
  reopenInformationRequest,
  requestInformation,
  withdrawInformationRequest,
} from '../../../src/questions/asking.commands.js';
import {
  extendDueDate,
  refuseDueDateExtension,
  requestDueDateExtension,
} from '../../../src/questions/due-date.commands.js';
import { writeInformationMessage } from '../../../src/questions/thread.commands.js';
import { markCheck } from '../../../src/reviews/check.commands.js';
import {
  appealDecision,
  countersign,
  declineToCountersign,
  proposeDecision,
} from '../../../src/reviews/decision.commands.js';
import {
  acceptIntentToRefuse,
  answerIntentToRefuse,
  rescindIntentToRefuse,
} from '../../../src/reviews/intent.commands.js';
import { confirmReopening, declineReopening, proposeReopening } from '../../../src/reviews/reopening.commands.js';
import { recommend, recuse } from '../../../src/reviews/review.commands.js';
import { copyApplication } from '../../permissions/copies.js';
import type { TestPortal } from '../../support/portal.js';
import { allCommands, commands, completeDraft, type Model, type ModelCommand, onward, type Person } from './model.js';

/** One try of one command; numbers choose among what there is at that moment. */
export interface Try {
  readonly choice: number;
  /** Tries anybody with anything, what would be accepted, or what would be accepted and leads on. */
  readonly kind: 'WILD' | 'ALLOWED' | 'ONWARD';
}

/** The name of the check that the review asks for. */
export const checkKey = 'registration-verified';

/** An organization, everybody who has to do with it, and a draft of which each sequence takes a copy. */
export class Lane {
  readonly #desk: TestPortal;
  readonly #organizationId: string;
  readonly #draft: string;
  readonly #people: readonly Person[];

  constructor(desk: TestPortal, of: { organizationId: string; draft: string; people: readonly Person[] }) {
    this.#desk = desk;
    this.#organizationId = of.organizationId;
    this.#draft = of.draft;
    this.#people = of.people;
  }

  /** Has a sequence of commands given; answers in what the portal and the model differ, with what led there. */
  async play(script: readonly Try[]): Promise<readonly string[]> {
    const database = this.#desk.database.kysely();
    await sql`delete from recusal where organization_id = ${this.#organizationId}`.execute(database);
    const applicationId = decodeId('application', await copyApplication(this.#desk.database, this.#draft));
    const model = completeDraft();
    const story: string[] = [];
    for (const one of script) {
      const { command, person } = this.#chosen(model, one);
      const expected = commands[command].may(model, person);
      const outcome = expected && command === 'proposeDecision' ? one.choice % 2 === 0 : true;
      story.push(`${command} by ${person.name}`);
      const problem = await this.#give(command, person, applicationId, outcome ? 'APPROVE' : 'REFUSE');
      if ((problem === null) !== expected)
        return [...story, expected ? `was refused: ${problem}` : 'was accepted, and must not be'];
      if (expected) {
        if (command === 'proposeDecision') model.proposed = outcome ? 'APPROVE' : 'REFUSE';
        commands[command].does(model, person);
        model.accepted += 1;
      }
      const differences = await this.#differences(applicationId, model, this.#people[one.choice % this.#people.length]);
      if (differences.length > 0) return [...story, ...differences];
    }
    return [];
  }

  #chosen(model: Model, { choice, kind }: Try): { command: ModelCommand; person: Person } {
    const all = allCommands.flatMap((command) => this.#people.map((person) => ({ command, person })));
    const allowed = all.filter(({ command, person }) => commands[command].may(model, person));
    const leading = allowed.filter(({ command }) => onward.includes(command));
    const wanted =
      kind === 'WILD' || allowed.length === 0 ? all : kind === 'ONWARD' && leading.length > 0 ? leading : allowed;
    // Each command has the same chance, however many people may give it.
    const names = [...new Set(wanted.map(({ command }) => command))];
    const among = wanted.filter(({ command }) => command === names[choice % names.length]);
    const found = among[Math.floor(choice / names.length) % among.length];
    if (!found) throw new Error('There is nobody who could do anything.');
    return found;
  }

  /** Null when the command is accepted, or else why not. */
  async #give(
    name: ModelCommand,
    person: Person,
    applicationId: string,
    outcome: 'APPROVE' | 'REFUSE',
  ): Promise<string | null> {
    const { doorway, database } = this.#desk.portal;
    const open = ofPending.includes(name) ? await pendingOf(database.kysely(), applicationId) : null;
    const context = {
      actor: actorOf(person, this.#organizationId),
      requestId: 'model',
      ipAddress: null,
      idempotencyKey: null,
    };
    const give = <Input, Result extends CommandResult>(command: Command<Input, Result>, input: Input) =>
      doorway.execute(command, input, context).then(() => null);
    const decisionId = open?.decision ?? applicationId;
    const reopeningId = open?.reopening ?? applicationId;
    const asked = { applicationId, informationRequestId: open?.question ?? applicationId };
    const intentId = open?.intent ?? applicationId;
    const by: Readonly<Record<ModelCommand, () => Promise<null>>> = {
      submit: () => give(submitApplication, { applicationId }),
      withdraw: () => give(withdrawApplication, { applicationId }),
      respond: () =>
        give(respondToInformationRequest, { ...asked, answers: [{ question: 1, text: 'These.', documentIds: [] }] }),
      saveAnswers: () =>
        // Another text each time: what is saved already changes nothing.
        give(saveInformationAnswers, { ...asked, answers: [{ question: 1, text: randomIds.next(), documentIds: [] }] }),
      requestExtension: () => give(requestDueDateExtension, { ...asked, dueAt: later(), reason: 'It takes longer.' }),
      discuss: () => give(writeInformationMessage, { ...asked, text: 'Those of this site.' }),
      extendDueDate: () => give(extendDueDate, { ...asked, dueAt: later() }),
      refuseExtension: () => give(refuseDueDateExtension, { ...asked, reason: 'There was time.' }),
      withdrawRequest: () => give(withdrawInformationRequest, { ...asked, reason: 'We found it.' }),
      reopenRequest: () =>
        give(reopenInformationRequest, {
          applicationId,
          informationRequestId: open?.answered ?? applicationId,
          reason: 'Since when?',
        }),
      appeal: () => give(appealDecision, { applicationId, grounds: 'We can show it.' }),
      startReview: () => give(startReview, { applicationId }),
      requestInformation: () =>
        give(requestInformation, {
          applicationId,
          questions: [{ text: 'Which systems?', isRequired: true, documents: [] }],
        }),
      returnForCorrection: () => give(returnForCorrection, { applicationId, reason: 'The seats are missing.' }),
      returnWithoutAction: () => give(returnWithoutAction, { applicationId, reason: 'Not for this program.' }),
      recommend: () =>
        give(recommend, { applicationId, kind: 'APPROVE', comment: 'Sound.', conditions: [], role: null, scores: [] }),
      markCheck: () => give(markCheck, { applicationId, check: checkKey, outcome: 'PASSED', note: 'Seen.' }),
      advanceStage: () => give(advanceStage, { applicationId }),
      proposeDecision: () =>
        give(proposeDecision, {
          applicationId,
          outcome,
          reasons: outcome === 'REFUSE' ? ['Out of scope.'] : [],
          conditions: [],
        }),
      countersign: () => give(countersign, { applicationId, decisionId }),
      declineToCountersign: () => give(declineToCountersign, { applicationId, decisionId, reason: 'Not yet.' }),
      answerIntentToRefuse: () => give(answerIntentToRefuse, { applicationId, intentId, response: 'It is in scope.' }),
      acceptIntentToRefuse: () => give(acceptIntentToRefuse, { applicationId, intentId }),
      rescindIntentToRefuse: () => give(rescindIntentToRefuse, { applicationId, intentId, reason: 'A mistake.' }),
      assign: () => give(assignApplication, { applicationId, staffId: null }),
      sendMessage: () => give(sendMessage, { applicationId, text: 'Is there news?', isAnswer: true }),
      writeNote: () => give(addNote, { applicationId, text: 'There is none.' }),
      proposeReopening: () =>
        give(proposeReopening, { applicationId, reason: 'A mistake.', internalReason: 'A mistake.' }),
      confirmReopening: () => give(confirmReopening, { applicationId, reopeningId }),
      declineReopening: () => give(declineReopening, { applicationId, reopeningId, reason: 'No mistake.' }),
      recuse: () => give(recuse, { applicationId, reason: 'My former employer.' }),
    };
    return by[name]().catch((error: unknown) => {
      if (error instanceof Refusal) return `${error.code} ${error.message}`;
      throw error;
    });
  }

  async #differences(applicationId: string, model: Model, viewer: Person | undefined): Promise<readonly string[]> {
    const facts = applicationFactsSql((column) => sql.ref(`a.${column}`), askedByPartners);
    const statement = sql`select row_to_json(seen)::text as answer from (
      select a.status, a.status_before as before, a.stage_key as stage, a.revision, ${facts} as facts,
      (select string_agg(c.kind, '+') from clock_interval c where c.application_id = a.id and c.ended_at is null) as clock,
      (select count(distinct t.sequence)::int from timeline_event t where t.application_id = a.id) as told
      from application a where a.id = ${applicationId}) as seen`.compile(this.#desk.database.kysely());
    // Prepared once: planning it takes longer than running it.
    const answer = await this.#desk.database.answer(namedStatement(statement.sql), statement.parameters.map(String));
    if (answer === null || !viewer) return ['The application is gone.'];
    const seen: Seen = JSON.parse(answer);
    const actor = standingOf(actorOf(viewer, this.#organizationId), this.#organizationId);
    const available = availableApplicationCommands(toApplicationFacts(seen.facts), actor, this.#desk.clock.now());
    const modelled = allCommands.filter((command) => commands[command].may(model, viewer));
    const isPending = ['INFORMATION_REQUESTED', 'DECISION_PROPOSED'].includes(model.status);
    const isAtStage = ['IN_REVIEW', 'UNDER_APPEAL', 'DECISION_PROPOSED', 'INTENT_TO_REFUSE'].includes(model.status);
    const pairs: readonly (readonly [what: string, portal: unknown, model: unknown])[] = [
      ['the status', seen.status, model.status],
      ['where it came from', isPending ? seen.before : null, isPending ? model.before : null],
      ['the stage', isAtStage ? seen.stage : null, isAtStage ? model.stage : null],
      ['the revision', seen.revision, model.revision],
      ['the clock', seen.clock, model.clock],
      ['who proposed', toApplicationFacts(seen.facts).proposedBy, model.proposedBy],
      ['who signed first', toApplicationFacts(seen.facts).signedBy, model.signedBy],
      [
        `what is available to ${viewer.name}`,
        allCommands.filter((command) => available.some((one) => one === command)).join(),
        modelled.join(),
      ],
      ['whether each accepted command is on record', seen.told >= model.accepted, true],
      ['whether nothing else is', model.accepted > 0 || seen.told === 0, true],
    ];
    return pairs
      .filter(([, portal, expected]) => portal !== expected)
      .map(([what, portal, expected]) => `${what}: the portal says ${String(portal)}, the model ${String(expected)}`);
  }
}

/** Commands that name what is pending. */
const ofPending: readonly ModelCommand[] = [
  'respond',
  'saveAnswers',
  'requestExtension',
  'discuss',
  'extendDueDate',
  'refuseExtension',
  'withdrawRequest',
  'reopenRequest',
  'countersign',
  'declineToCountersign',
  'answerIntentToRefuse',
  'acceptIntentToRefuse',
  'rescindIntentToRefuse',
  'confirmReopening',
  'declineReopening',
];

let extensions = 0;

/** Later than whatever was said before, and within a year. */
function later(): Date {
  extensions += 1;
  return new Date(Date.now() + (182 * 24 * 60 + extensions) * 60 * 1000);
}

async function pendingOf(database: RawSql, applicationId: string) {
  const found = await sql<{
    decision: string | null;
    question: string | null;
    answered: string | null;
    reopening: string | null;
    intent: string | null;
  }>`select
    (select id from intent_to_refuse where application_id = ${applicationId} and ending is null) as intent,
    (select id from reopening where application_id = ${applicationId} and status = 'PROPOSED') as reopening,
    (select id from decision where application_id = ${applicationId} and status = 'PROPOSED') as decision,
    (select id from information_request where application_id = ${applicationId} and status = 'OPEN') as question,
    (select id from information_request where application_id = ${applicationId} and status = 'ANSWERED' limit 1) as answered`.execute(
    database,
  );
  return found.rows[0] ?? null;
}

interface Seen {
  readonly status: string;
  readonly before: string | null;
  readonly stage: string | null;
  readonly revision: number;
  readonly facts: unknown;
  readonly clock: string | null;
  readonly told: number;
}

function actorOf({ personId, name, staff, partner }: Person, organizationId: string): PersonActor {
  return {
    kind: 'PERSON',
    personId,
    name,
    email: `${personId}@example.org`,
    staffId: null,
    staffRoles: staff,
    mustChangePassword: false,
    memberships: partner ? [{ organizationId, role: partner }] : [],
  };
}
