import { completeDraft, registerOrganization, startApplication } from './applying.js';
import { signUp } from './people.js';
import { type PortalClient, textAt, valueAt } from './portal-client.js';
import { expectSame } from './story.js';
import type { Cast, Stage } from './story-of-the-people.js';

/** Applications that end otherwise: returned and corrected, refused and appealed, withdrawn. */
export async function otherEndingsStory(stage: Stage, cast: Cast): Promise<void> {
  const { story, stranger, mail } = stage;
  story.chapter('Other endings');
  const rita = await signUp(stranger, mail, { name: 'Rita Redpine', email: 'rita@redpine.example' });
  const redpineId = await registerOrganization(rita, 'Redpine Telecom', 'RP-77');
  const submit = async (): Promise<string> => {
    const id = await startApplication(rita, redpineId, cast.programId);
    await completeDraft(rita, id);
    await rita.must('submitApplication', { applicationId: id });
    return id;
  };

  const applicationId = await story.step(
    'Redpine’s application is returned, corrected and submitted anew',
    async () => {
      const id = await submit();
      await cast.intake.must('returnForCorrection', {
        applicationId: id,
        reason: 'Twelve seats? Say who they are for.',
      });
      await rita.must('saveDraft', { applicationId: id, answers: { seats: 4 } });
      const corrected = await rita.must('submitApplication', { applicationId: id }, 'application { revision status }');
      expectSame(valueAt(corrected, 'application'), { revision: 2, status: 'SUBMITTED' });
      return id;
    },
  );
  await story.step('Imogen sees what changed between the revisions', async () => {
    const found = await cast.intake.ask(
      'query ($id: ID!) { application(id: $id) { revisions { number changes { answers { path before after } } } } }',
      { id: applicationId },
    );
    expectSame(valueAt(found, 'application', 'revisions', 1, 'changes', 'answers'), [
      { path: ['seats'], before: 12, after: 4 },
    ]);
  });
  await story.step('it is refused, with reasons and a time to appeal', async () => {
    await review(cast, applicationId);
    await decide(cast.deciders[0], cast.deciders[1], applicationId, {
      outcome: 'REFUSE',
      reasons: ['Foreign control.'],
    });
    const seen = await rita.ask(
      'query ($id: ID!) { application(id: $id) { status appealBefore decisions { outcome reasons internalNote } } }',
      { id: applicationId },
    );
    expectSame(valueAt(seen, 'application', 'decisions'), [
      { outcome: 'REFUSE', reasons: ['Foreign control.'], internalNote: null },
    ]);
    if (!textAt(seen, 'application', 'appealBefore')) throw new Error('There is no time to appeal.');
  });
  await story.step('Rita appeals; whoever decided before cannot decide again, two others do', async () => {
    await rita.must('appealDecision', { applicationId, grounds: 'The foreign parent sold its shares in May.' });
    const { errors } = await cast.deciders[0].command('proposeDecision', { applicationId, outcome: 'APPROVE' });
    expectSame(errors[0]?.code, 'FOUR_EYES');
    const status = await decide(cast.deciders[2], cast.deciders[3], applicationId, { outcome: 'APPROVE' });
    expectSame(status, 'APPROVED');
  });
  await story.step('a second application of Redpine’s is withdrawn while a question is open', async () => {
    const id = await submit();
    await cast.intake.must('requestInformation', {
      applicationId: id,
      questions: [{ text: 'Is this another product?' }],
    });
    const withdrawn = await rita.must('withdrawApplication', { applicationId: id }, 'application { status }');
    expectSame(valueAt(withdrawn, 'application', 'status'), 'WITHDRAWN');
  });
  await story.step('nobody of Tidewater sees anything of it', async () => {
    const seen = await cast.owner.ask('query ($id: ID!) { node(id: $id) { id } application(id: $id) { id } }', {
      id: applicationId,
    });
    expectSame(seen, { node: null, application: null });
  });
}

async function review({ intake, reviewers }: Cast, applicationId: string): Promise<void> {
  await intake.must('startReview', { applicationId });
  await intake.must('advanceStage', { applicationId });
  for (const reviewer of reviewers) {
    await reviewer.must('giveRecommendation', { applicationId, kind: 'REFUSE', comment: 'The owner is not known.' });
  }
  await reviewers[0].must('advanceStage', { applicationId });
}

async function decide(
  proposer: PortalClient,
  countersigner: PortalClient,
  applicationId: string,
  decision: Readonly<Record<string, unknown>>,
): Promise<string> {
  const proposed = await proposer.must(
    'proposeDecision',
    { applicationId, ...decision },
    'application { decisions { id status } }',
  );
  const decisions = valueAt(proposed, 'application', 'decisions') as { id: string; status: string }[];
  const decisionId = decisions.find(({ status }) => status === 'PROPOSED')?.id;
  const decided = await countersigner.must(
    'countersignDecision',
    { applicationId, decisionId },
    'application { status }',
  );
  return textAt(decided, 'application', 'status');
}
