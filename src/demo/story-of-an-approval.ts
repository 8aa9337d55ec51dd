import { acceptTerms, completeAnswers, pdf, startApplication, uploadDocument } from './applying.js';
import { type PortalClient, textAt, valueAt } from './portal-client.js';
import { expectAmong, expectSame, soon } from './story.js';
import type { Cast, Stage } from './story-of-the-people.js';

/** An application from the first draft to a grant that can be used, and what the machines and people heard of it. */
export async function approvalStory(stage: Stage, cast: Cast): Promise<void> {
  const { story } = stage;
  const { applicant, owner, intake, reviewers, deciders } = cast;

  story.chapter('An application');
  const applicationId = await story.step('Anton sees the open program and starts a draft', async () => {
    const found = await applicant.ask(
      'query ($id: ID!) { program(id: $id) { currentVersion { questionnaire documentRequirements { key required } terms { label } } } }',
      { id: cast.programId },
    );
    expectAmong(valueAt(found, 'program', 'currentVersion', 'documentRequirements') as unknown[], [
      { key: 'end-use-statement', required: true },
    ]);
    return startApplication(applicant, cast.organizationId, cast.programId);
  });
  const see = async (client: PortalClient, fields: string) =>
    valueAt(
      await client.ask(`query ($id: ID!) { application(id: $id) { ${fields} } }`, { id: applicationId }),
      'application',
    );
  await story.step('saves as he types: a partial and a wrong answer are kept', async () => {
    const saved = await applicant.must(
      'saveDraft',
      { applicationId, answers: { purpose: 'DETECTION_ENGINEERING', seats: 'a dozen' } },
      'application { answers }',
    );
    expectSame(valueAt(saved, 'application', 'answers', 'seats'), 'a dozen');
  });
  await story.step('is told everything that is missing when he submits too early', async () => {
    const { errors } = await applicant.command('submitApplication', { applicationId });
    expectAmong(
      errors.map(({ path }) => path.join('.')),
      ['answers.seats', 'answers.endUse', 'documents.end-use-statement', 'documents.security-program', 'terms'],
    );
  });
  await story.step('corrects his answers, uploads two documents and accepts the terms', async () => {
    await applicant.must('saveDraft', { applicationId, answers: completeAnswers });
    await uploadDocument(applicant, applicationId, 'end-use-statement', { fileName: 'end-use.pdf', bytes: pdf('One') });
    await uploadDocument(applicant, applicationId, 'security-program', { fileName: 'security.pdf', bytes: pdf('Two') });
    await acceptTerms(applicant, applicationId);
    expectSame(await see(applicant, 'submissionProblems { code }'), { submissionProblems: [] });
  });
  await story.step('and submits; a repeated request with the same Idempotency-Key changes nothing', async () => {
    const key = { 'idempotency-key': 'demo-submit-1' };
    const once = await applicant.must('submitApplication', { applicationId }, 'application { status revision }', key);
    const twice = await applicant.must('submitApplication', { applicationId }, 'application { status revision }', key);
    expectSame(valueAt(once, 'application'), { status: 'SUBMITTED', revision: 1 });
    expectSame(valueAt(twice, 'application'), { status: 'SUBMITTED', revision: 1 });
  });

  story.chapter('Its review');
  await story.step('Imogen finds it in the intake queue, due first first, and starts the review', async () => {
    const found = await intake.ask('{ queue(name: "intake") { nodes { id } } }');
    expectSame(textAt(found, 'queue', 'nodes', 0, 'id'), applicationId);
    await intake.must('startReview', { applicationId });
    await intake.must('advanceStage', { applicationId });
  });
  await story.step('Amara asks a question: the clock pauses, and Anton answers with a document', async () => {
    await reviewers[0].must('requestInformation', {
      applicationId,
      questions: [{ text: 'Who administers the isolated copy?' }],
    });
    expectSame(await see(intake, 'status dueAt'), { status: 'INFORMATION_REQUESTED', dueAt: null });
    const asked = await see(applicant, 'informationRequests { id isOpen questions { text } }');
    const informationRequestId = textAt(asked, 'informationRequests', 0, 'id');
    await uploadDocument(applicant, applicationId, 'information-request', {
      fileName: 'administrators.pdf',
      bytes: pdf('Three'),
      informationRequestId,
    });
    await applicant.must('respondToInformationRequest', {
      applicationId,
      informationRequestId,
      answers: [{ question: 1, text: 'Two engineers of ours; their names are in the document.' }],
    });
    expectSame(await see(applicant, 'status'), { status: 'IN_REVIEW' });
  });
  await story.step('two reviewers recommend, and the application moves on', async () => {
    await reviewers[0].must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: 'Sound and bounded.' });
    await reviewers[1].must('giveRecommendation', {
      applicationId,
      kind: 'APPROVE_WITH_CONDITIONS',
      comment: 'The copy must stay isolated.',
      conditions: ['The copy of the control network stays isolated.'],
    });
    await reviewers[1].must('advanceStage', { applicationId });
  });
  const conditions = ['The copy of the control network stays isolated.'];
  const decisionId = await story.step(
    'Saskia proposes to approve with a condition; Anton still sees a review',
    async () => {
      const proposed = await deciders[0].must(
        'proposeDecision',
        { applicationId, outcome: 'APPROVE_WITH_CONDITIONS', conditions },
        'application { status decisions { id } }',
      );
      expectSame(valueAt(proposed, 'application', 'status'), 'DECISION_PROPOSED');
      expectSame(await see(applicant, 'status decisions { id }'), { status: 'IN_REVIEW', decisions: [] });
      return textAt(proposed, 'application', 'decisions', 0, 'id');
    },
  );
  await story.step('her own countersignature is refused: four eyes', async () => {
    expectSame(await see(deciders[0], 'availableCommands'), {
      availableCommands: ['assign', 'moveToQueue', 'claim', 'recuse', 'sendMessage', 'leaveUnanswered', 'writeNote'],
    });
    const { errors } = await deciders[0].command('countersignDecision', { applicationId, decisionId });
    expectSame(errors[0]?.code, 'FOUR_EYES');
  });
  const grantId = await story.step('Hugo countersigns: approved, and a grant waits to be provisioned', async () => {
    const decided = await deciders[1].must(
      'countersignDecision',
      { applicationId, decisionId },
      'application { status grant { id conditions } }',
    );
    const { id, ...grant } = valueAt(decided, 'application', 'grant') as { id: string };
    expectSame(valueAt(decided, 'application', 'status'), 'APPROVED_WITH_CONDITIONS');
    expectSame(grant, { conditions });
    return id;
  });
  await story.step('the provisioning system opens access: the grant is active and usable', () =>
    soon(async () => expectSame(await grantSeenBy(owner, grantId), { status: 'ACTIVE', isUsable: true })),
  );
  await story.step('and another system, which did not do it, sees that it is so', () =>
    soon(async () => {
      const asked = 'query ($id: ID!) { provisioningTasks(filter: { grantId: $id }) { nodes { kind status } } }';
      const found = await cast.managers[0].ask(asked, { id: grantId });
      expectSame(valueAt(found, 'provisioningTasks', 'nodes'), [{ kind: 'PROVISION', status: 'VERIFIED' }]);
    }),
  );
  await whatWasHeard(stage, cast, owner, see);
  await suspensionStory(stage, cast, grantId);
}

const partnerHears = [
  'application.submitted',
  'application.review_started',
  'application.stage_advanced',
  'application.information_requested',
  'application.information_provided',
  'application.approved',
  'document.letter_written',
  'grant.created',
  'grant.activated',
];
const operatorHears = [...partnerHears, 'application.recommended', 'application.decision_proposed'];

async function whatWasHeard(
  stage: Stage,
  cast: Cast,
  owner: PortalClient,
  see: (client: PortalClient, fields: string) => Promise<unknown>,
): Promise<void> {
  const { story, partnerReceiver, operatorReceiver, mail } = stage;
  story.chapter('Who heard of it');
  await story.step('Tidewater’s receiver got each of its events, every signature verified', async () => {
    await partnerReceiver.hasHeard(partnerHears);
    expectSame(partnerReceiver.forged, 0);
    const secret = partnerReceiver.messages.filter(({ type }) => /recommended|proposed|assigned/.test(type));
    expectSame(secret, []);
  });
  await story.step('the operator’s receiver got those and what is for staff only', () =>
    operatorReceiver.hasHeard(operatorHears),
  );
  await story.step('a receiver that fails twice gets the message at the third attempt; each is on record', async () => {
    partnerReceiver.failNext(2);
    const endpoints = await owner.ask('query ($id: ID!) { webhookEndpoints(organizationId: $id) { id } }', {
      id: cast.organizationId,
    });
    const endpointId = textAt(endpoints, 'webhookEndpoints', 0, 'id');
    await owner.must('pingWebhookEndpoint', { endpointId });
    await partnerReceiver.hasHeard(['webhook_endpoint.pinged']);
    const recorded = await owner.ask(
      `query ($id: ID!) { webhookEndpoints(organizationId: $id) {
        deliveries(first: 1) { nodes { event status attempts { statusCode } } } } }`,
      { id: cast.organizationId },
    );
    const attempts = valueAt(recorded, 'webhookEndpoints', 0, 'deliveries', 'nodes', 0, 'attempts') as unknown[];
    expectAmong(attempts, [{ statusCode: 500 }]);
  });
  await story.step('the timeline shows the partner every step, and no name of staff', async () => {
    const seen = await see(owner, 'timeline(first: 100) { nodes { type actor } }');
    const nodes = valueAt(seen, 'timeline', 'nodes') as { type: string; actor: string }[];
    expectAmong(
      nodes.map(({ type }) => type),
      partnerHears,
    );
    expectSame([...new Set(nodes.map(({ actor }) => actor))].sort(), [
      'A system of the operator',
      'Anton Applicant',
      'Staff',
      'The portal',
    ]);
  });
  await story.step('Anton and Olga were told by e-mail', async () => {
    await mail.next('anton@tidewater.example', /approved/i);
    await mail.next('olga@tidewater.example', /approved/i);
  });
}

async function suspensionStory({ story }: Stage, { managers, owner }: Cast, grantId: string) {
  story.chapter('Suspended and restored');
  await story.step('Rafael suspends the grant at once; the provisioning system closes access', async () => {
    await managers[0].must('suspendGrant', { grantId, reason: 'An authority asked us to look again.' });
    expectSame(await grantSeenBy(owner, grantId), { status: 'SUSPENDED', isUsable: false });
    await soon(async () => {
      const seen = await owner.ask('query ($id: ID!) { grant(id: $id) { deprovisionedAt } }', { id: grantId });
      textAt(seen, 'grant', 'deprovisionedAt');
    });
  });
  await story.step('he cannot reinstate it himself; Dana can, and access is opened again', async () => {
    const { errors } = await managers[0].command('reinstateGrant', { grantId, reason: 'All is well.' });
    expectSame(errors[0]?.code, 'FOUR_EYES');
    await managers[1].must('reinstateGrant', { grantId, reason: 'The authority has no objection.' });
    await soon(async () => expectSame(await grantSeenBy(owner, grantId), { status: 'ACTIVE', isUsable: true }));
  });
}

async function grantSeenBy(client: PortalClient, grantId: string): Promise<unknown> {
  return valueAt(await client.ask('query ($id: ID!) { grant(id: $id) { status isUsable } }', { id: grantId }), 'grant');
}
