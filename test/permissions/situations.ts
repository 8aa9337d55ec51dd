import { sql } from 'kysely';
import { completeDraft, startApplication } from '../../src/demo/applying.js';
import { type Fields, type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import type { ApplicationCommand, ApplicationStatus } from '../../src/lifecycle/application.js';
import { decodeId, encodeId, type IdKind, randomIds } from '../../src/platform/ids.js';
import { publishProgramVersion } from '../../src/programs/program.commands.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { lapseApplication } from '../../src/questions/due-date.commands.js';
import type { TestDatabase } from '../support/database.js';
import { bySystem, type TestPortal } from '../support/portal.js';
import type { Cast } from './cast.js';
import { copyApplication } from './copies.js';

/** A place where an application can stand, and an application that stands there, to be copied. */
export interface Situation {
  readonly name: string;
  readonly status: ApplicationStatus;
  /** What members of the organization take it for, when that is something else. */
  readonly statusForMembers?: ApplicationStatus;
  /** Was it ever submitted? Otherwise staff know nothing of it. */
  readonly submitted: boolean;
  /** What is refused here although role and status allow it. */
  readonly refused: Partial<Record<ApplicationCommand, string>>;
  /** The application to be copied. */
  readonly applicationId: string;
}

/**
 * Two stages: one that takes a recommendation in each of three roles, has a check and that four roles may move on from,
 * and the decision. There are two versions alike, so that applications can be moved; those here are started under the first.
 */
export async function programWithTwoStages(
  desk: TestPortal,
  changes: { readonly code?: string; readonly intentToRefuseDays?: number } = {},
): Promise<string> {
  const { code = sampleProgram.code, ...ofWorkflow } = changes;
  const workflow = { ...sampleProgram.version.workflow, ...ofWorkflow };
  const reviewing = ['INTAKE', 'REVIEWER', 'DECIDER'] as const;
  const stage = {
    slaWorkingHours: 40,
    queue: 'review',
    criteria: [],
    blind: true,
    requiredDocuments: ['end-use-statement'],
  };
  const version = {
    ...sampleProgram.version,
    // Grants can be renewed as soon as they are there.
    grantPolicy: { renewalOpensDays: 3660 },
    workflow: {
      ...workflow,
      stages: [
        {
          ...stage,
          key: 'review',
          name: 'Review',
          requiredRecommendations: reviewing.map((role) => ({ role, count: 1 })),
          requiredChecks: [{ key: checkKey, title: 'Registration verified', by: reviewing }],
          advanceBy: [...reviewing, 'PROGRAM_MANAGER' as const],
        },
        {
          ...stage,
          key: 'decision',
          name: 'Decision',
          requiredRecommendations: [],
          requiredChecks: [],
          requiredDocuments: [],
          advanceBy: [],
        },
      ],
      // A queue that nothing is sent to, so that applications can be put there.
      routing: [{ key: 'aside', name: 'Aside', at: ['decision'], when: [{ countryIn: ['AQ'] }], queue: 'aside' }],
    },
  };
  const programId = await desk.program({ code, version });
  const again = { programId, version, expectedVersion: null, dryRun: false };
  await desk.portal.doorway.execute(publishProgramVersion, again, bySystem);
  await sql`update program set current_version_id = (select id from program_version where program_id = ${programId}
    and number = 1) where id = ${programId}`.execute(desk.database.kysely());
  return encodeId('program', programId);
}

/** The check of the stage that takes recommendations. */
const checkKey = 'registration-verified';

/** Names of `situationsOf`, known before there is a portal, because tests are named before they run. */
export const situationNames = [
  'DRAFT',
  'SUBMITTED',
  'IN_REVIEW at a stage that takes recommendations',
  'IN_REVIEW at the decision stage',
  'INFORMATION_REQUESTED before the review',
  'INFORMATION_REQUESTED during the review',
  'INFORMATION_REQUESTED and more time asked for',
  'SUBMITTED and asked before',
  'IN_REVIEW and asked before',
  'RETURNED',
  'DECISION_PROPOSED',
  'DECISION_PROPOSED on appeal',
  'INTENT_TO_REFUSE',
  'APPROVED',
  'APPROVED_WITH_CONDITIONS',
  'REFUSED',
  'UNDER_APPEAL',
  'WITHDRAWN',
  'WITHDRAWN before it was submitted',
  'CLOSED',
  'LAPSED',
] as const;

export type SituationName = (typeof situationNames)[number];

/**
 * Brings an application into every situation by the commands that lead there, given by people who take no part in the
 * tests afterwards, so that nobody of the cast has proposed, decided or recommended anything.
 */
export async function situationsOf(desk: TestPortal, cast: Cast): Promise<Record<SituationName, Situation>> {
  const owner = cast.player('OWNER').client;
  const [handler, decider, another, taker] = [
    await desk.staff('INTAKE', 'REVIEWER', 'DECIDER'),
    await desk.staff('DECIDER'),
    await desk.staff('DECIDER'),
    await desk.staff('INTAKE'),
  ];
  const recommendation = { kind: 'APPROVE', comment: 'Sound.' };
  const from = async (applicationId: string, ...steps: Step[]): Promise<string> => {
    const copy = await copyApplication(desk.database, applicationId);
    for (const [client, command, input] of steps) {
      const ids = await idsOf(desk.database, copy);
      await client.must(command, { applicationId: copy, ...input, ...only(ids, command) });
    }
    return copy;
  };
  const question: Fields = { questions: [{ text: 'Which systems?' }] };
  const propose = (client: PortalClient, input: Fields): Step => [client, 'proposeDecision', input];
  const countersign: Step = [decider, 'countersignDecision', {}];
  const approval = { outcome: 'APPROVE' };
  const refusal = { outcome: 'REFUSE', reasons: ['The end use is out of scope.'] };

  const draftTo = async (programId: string) => {
    const draft = await startApplication(owner, cast.organizationId, programId);
    await completeDraft(owner, draft);
    return draft;
  };
  const reviewing: readonly Step[] = [
    [handler, 'startReview', {}],
    [taker, 'giveRecommendation', recommendation],
    [handler, 'giveRecommendation', recommendation],
    [another, 'giveRecommendation', recommendation],
    [handler, 'markCheck', { check: checkKey, outcome: 'PASSED', note: 'Looked up in the register.' }],
  ];
  const draft = await draftTo(await programWithTwoStages(desk));
  const submitted = await from(draft, [owner, 'submitApplication', {}]);
  const inReview = await from(submitted, ...reviewing);
  const atDecision = await from(inReview, [handler, 'advanceStage', {}]);
  const announcing = await draftTo(await programWithTwoStages(desk, { code: 'announced', intentToRefuseDays: 14 }));
  const proposed = await from(atDecision, propose(handler, approval));
  const refused = await from(atDecision, propose(handler, refusal), countersign);
  const underAppeal = await from(refused, [owner, 'appealDecision', { grounds: 'It is in scope.' }]);
  const conditional = { outcome: 'APPROVE_WITH_CONDITIONS', conditions: ['Own systems only.'] };

  const asked = await from(inReview, [handler, 'requestInformation', question]);
  const response: Step = [owner, 'respondToInformationRequest', { answers: [{ question: 1, text: 'Our own.' }] }];
  const lapsed = await from(asked);
  await lapse(desk, lapsed);

  const ids: Record<SituationName, string> = {
    DRAFT: draft,
    SUBMITTED: submitted,
    'IN_REVIEW at a stage that takes recommendations': inReview,
    'IN_REVIEW at the decision stage': atDecision,
    'INFORMATION_REQUESTED before the review': await from(submitted, [handler, 'requestInformation', question]),
    'INFORMATION_REQUESTED during the review': asked,
    'INFORMATION_REQUESTED and more time asked for': await from(asked, [
      owner,
      'requestDueDateExtension',
      { dueAt: '2027-03-01T12:00:00Z', reason: 'The plan is being drawn.' },
    ]),
    'SUBMITTED and asked before': await from(submitted, [handler, 'requestInformation', question], response),
    'IN_REVIEW and asked before': await from(asked, response),
    RETURNED: await from(submitted, [handler, 'returnForCorrection', { reason: 'Sign the statement.' }]),
    DECISION_PROPOSED: proposed,
    'DECISION_PROPOSED on appeal': await from(underAppeal, propose(another, { ...refusal, reasons: ['It still is.'] })),
    INTENT_TO_REFUSE: await from(
      announcing,
      [owner, 'submitApplication', {}],
      ...reviewing,
      [handler, 'advanceStage', {}],
      propose(handler, refusal),
      countersign,
    ),
    APPROVED: await from(proposed, countersign),
    APPROVED_WITH_CONDITIONS: await from(atDecision, propose(handler, conditional), countersign),
    REFUSED: refused,
    UNDER_APPEAL: underAppeal,
    WITHDRAWN: await from(submitted, [owner, 'withdrawApplication', {}]),
    'WITHDRAWN before it was submitted': await from(draft, [owner, 'withdrawApplication', {}]),
    CLOSED: await from(submitted, [handler, 'returnWithoutAction', { reason: 'A duplicate.' }]),
    LAPSED: lapsed,
  };
  const made = new Map<SituationName, Situation>();
  for (const name of situationNames) {
    const applicationId = ids[name];
    const shown = await owner.ask('query ($id: ID!) { application(id: $id) { status submittedAt } }', {
      id: applicationId,
    });
    made.set(name, {
      name,
      status: await statusOf(desk.database, applicationId),
      statusForMembers: textAt(shown, 'application', 'status') as ApplicationStatus,
      submitted: valueAt(shown, 'application', 'submittedAt') !== null,
      refused: refusals[name] ?? {},
      applicationId,
    });
  }
  return Object.fromEntries(made) as Record<SituationName, Situation>;
}

type Step = readonly [client: PortalClient, command: string, input: Fields];

/** Lets an application lapse as if the time to answer were over. */
async function lapse({ portal, database }: TestPortal, applicationId: string): Promise<void> {
  const id = decodeId('application', applicationId);
  await sql`update information_request set lapses_at = asked_at where application_id = ${id}`.execute(
    database.kysely(),
  );
  await portal.doorway.execute(lapseApplication, { applicationId: id }, bySystem);
}

const neverAsked = { reopenRequest: 'NOT_ALLOWED_NOW' };
const noMoreTimeAsked = { refuseExtension: 'NOT_ALLOWED_NOW' };

const refusals: Partial<Record<SituationName, Situation['refused']>> = {
  SUBMITTED: neverAsked,
  'INFORMATION_REQUESTED before the review': noMoreTimeAsked,
  'INFORMATION_REQUESTED during the review': noMoreTimeAsked,
  'INFORMATION_REQUESTED and more time asked for': { requestExtension: 'ALREADY_EXISTS' },
  'IN_REVIEW and asked before': { proposeDecision: 'NOT_ALLOWED_NOW' },
  'IN_REVIEW at a stage that takes recommendations': { ...neverAsked, proposeDecision: 'NOT_ALLOWED_NOW' },
  'IN_REVIEW at the decision stage': {
    ...neverAsked,
    recommend: 'NOT_ALLOWED_NOW',
    markCheck: 'NOT_ALLOWED_NOW',
    advanceStage: 'NOT_ALLOWED_NOW',
  },
};

/** The ids that commands on an application name besides its own; of what there is not, an id that nothing has. */
export interface OtherIds {
  readonly documentId: string;
  readonly informationRequestId: string;
  readonly answeredRequestId: string;
  readonly decisionId: string;
  readonly reopeningId: string;
  readonly intentId: string;
  readonly termsId: string;
  readonly programId: string;
  /** The number of another version of the program than the application's own. */
  readonly otherVersion: number;
}

export async function idsOf(database: TestDatabase, applicationId: string): Promise<OtherIds> {
  const id = decodeId('application', applicationId);
  const found = await sql<{
    document: string;
    question: string;
    answered: string;
    decision: string;
    reopening: string;
    intent: string | null;
    terms: string;
    program: string;
    otherVersion: number | null;
  }>`select
    (select id from document where application_id = ${id} and status = 'AVAILABLE' limit 1) as document,
    (select id from information_request where application_id = ${id} and status = 'OPEN') as question,
    (select id from information_request where application_id = ${id} and status = 'ANSWERED' limit 1) as answered,
    (select id from decision where application_id = ${id} and status = 'PROPOSED') as decision,
    (select id from reopening where application_id = ${id} and status = 'PROPOSED') as reopening,
    (select id from intent_to_refuse where application_id = ${id} and ending is null) as intent,
    (select terms_version_id from program_version v join application a on a.program_version_id = v.id
      where a.id = ${id}) as terms,
    (select program_id from application where id = ${id}) as program,
    (select v.number from program_version v join application a on a.program_id = v.program_id
      where a.id = ${id} and v.id <> a.program_version_id order by v.number desc limit 1) as "otherVersion"`.execute(
    database.kysely(),
  );
  const [row] = found.rows;
  const orNone = (kind: IdKind, value: string | null | undefined) => encodeId(kind, value ?? randomIds.next());
  return {
    documentId: orNone('document', row?.document),
    informationRequestId: orNone('inforequest', row?.question),
    answeredRequestId: orNone('inforequest', row?.answered),
    decisionId: orNone('decision', row?.decision),
    reopeningId: orNone('reopening', row?.reopening),
    intentId: orNone('intent', row?.intent),
    termsId: orNone('terms', row?.terms),
    programId: orNone('program', row?.program),
    otherVersion: row?.otherVersion ?? 2,
  };
}

function only(ids: OtherIds, command: string): Fields {
  if (command === 'countersignDecision') return { decisionId: ids.decisionId };
  const isOfRequest = command === 'requestDueDateExtension' || command === 'respondToInformationRequest';
  return isOfRequest ? { informationRequestId: ids.informationRequestId } : {};
}

async function statusOf(database: TestDatabase, applicationId: string): Promise<ApplicationStatus> {
  const id = decodeId('application', applicationId);
  const found = await sql<{ status: ApplicationStatus }>`select status from application where id = ${id}`.execute(
    database.kysely(),
  );
  const [row] = found.rows;
  if (!row) throw new Error(`There is no application ${applicationId}.`);
  return row.status;
}
