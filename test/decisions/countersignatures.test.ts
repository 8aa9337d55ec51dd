import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { textAt, valueAt } from '../../src/demo/portal-client.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import {
  codesOf,
  eventually,
  listAt,
  look,
  type Partner,
  proposedDecision,
  refusal,
  Story,
} from '../journeys/story.js';
import { countersign, lastEvents, Pattern, programThat } from './deciding.js';

const signatures = `status decisions { status countersignaturesNeeded firstCountersignedBy { name } countersignedBy { name } }`;

describe('a decision that two people countersign', () => {
  let story: Story;
  let pattern: Pattern;
  let who: Partner;

  beforeAll(async () => {
    story = await Story.open();
    who = await story.partner('Ada Twice', 'Twice Signed');
    pattern = await Pattern.of(story, who, await programThat(story, 'twice', { approvalCountersignatures: 2 }));
  }, 300_000);
  afterAll(() => story.close());

  const proposed = () => pattern.proposed({ outcome: 'APPROVE' });

  it('waits on after the first countersignature, of which its partner notices nothing, and is final after the second', async () => {
    const applicationId = await proposed();
    const fields = 'status stage { key } availableCommands decisions { id } time { intervals { kind } }';
    const before = await look(who.owner, applicationId, fields);
    await countersign(story, applicationId, 2);

    const auditor = await story.staff('AUDITOR');
    expect(await look(auditor, applicationId, signatures)).toEqual({
      status: 'DECISION_PROPOSED',
      decisions: [
        {
          status: 'PROPOSED',
          countersignaturesNeeded: 2,
          firstCountersignedBy: { name: expect.stringContaining('decider') },
          countersignedBy: null,
        },
      ],
    });
    const event = await look(auditor, applicationId, 'timeline(first: 1) { nodes { type data } }');
    expect(event).toMatchObject({
      timeline: { nodes: [{ type: 'application.decision_countersigned', data: { given: 1, needed: 2 } }] },
    });
    expect(await look(who.owner, applicationId, fields)).toEqual(before);
    expect(await lastEvents(who.owner, applicationId, 20)).not.toContain('application.decision_countersigned');

    await countersign(story, applicationId, 3);
    expect(await look(who.owner, applicationId, signatures)).toEqual({
      status: 'APPROVED',
      decisions: [
        { status: 'COUNTERSIGNED', countersignaturesNeeded: null, firstCountersignedBy: null, countersignedBy: null },
      ],
    });
    expect(
      await look(auditor, applicationId, 'decisions { firstCountersignedBy { name } countersignedBy { name } }'),
    ).toEqual({
      decisions: [{ firstCountersignedBy: { name: expect.anything() }, countersignedBy: { name: expect.anything() } }],
    });
  });

  it('is signed by nobody twice, nor by whoever proposed it, and says so to each', async () => {
    const applicationId = await proposed();
    const offered = async (which: number) => {
      const seen = await look(await story.staff('DECIDER', which), applicationId, 'availableCommands');
      return listAt(seen, 'availableCommands').filter(
        (name) => name === 'countersign' || name === 'declineToCountersign',
      );
    };
    await countersign(story, applicationId, 2);
    expect(await offered(1)).toEqual([]);
    expect(await offered(2)).toEqual(['declineToCountersign']);
    expect(await offered(3)).toEqual(['countersign', 'declineToCountersign']);
    const first = await story.staff('DECIDER', 2);
    const decisionId = await proposedDecision(first, applicationId);
    const { errors } = await first.command('countersignDecision', { applicationId, decisionId });
    expect(errors).toMatchObject([{ code: 'FOUR_EYES', message: expect.stringContaining('it takes a third person') }]);
    expect(
      await codesOf(await story.staff('DECIDER', 1), 'countersignDecision', { applicationId, decisionId }),
    ).toEqual(['FOUR_EYES']);
  });

  it('loses its first countersignature when somebody declines, and whoever gave it can propose and sign anew', async () => {
    const applicationId = await proposed();
    await countersign(story, applicationId, 2);
    const third = await story.staff('DECIDER', 3);
    const decisionId = await proposedDecision(third, applicationId);
    await third.must('declineToCountersign', { applicationId, decisionId, reason: 'The annex says otherwise.' });
    const second = await story.staff('DECIDER', 2);
    await second.must('proposeDecision', { applicationId, outcome: 'APPROVE' });
    await countersign(story, applicationId, 1);
    expect(await look(third, applicationId, 'status decisions { status }')).toEqual({
      status: 'DECISION_PROPOSED',
      decisions: [{ status: 'DECLINED' }, { status: 'PROPOSED' }],
    });
    await countersign(story, applicationId, 3);
    expect(await look(third, applicationId, 'status')).toEqual({ status: 'APPROVED' });
  });

  it('is a matter of approvals or of refusals, as the program says', async () => {
    const applicationId = await pattern.decided(refusal);
    expect(await look(await story.staff('AUDITOR'), applicationId, 'status')).toEqual({ status: 'REFUSED' });
  });

  it('is appealed to people of whom none proposed or signed it', async () => {
    const program = await programThat(story, 'refused-twice', { refusalCountersignatures: 2 });
    const applicationId = await (await Pattern.of(story, who, program)).decided(refusal);
    await countersign(story, applicationId, 3);
    await who.owner.must('appealDecision', { applicationId, grounds: 'It is in scope.' });
    for (const which of [1, 2, 3]) {
      const decider = await story.staff('DECIDER', which);
      expect(await codesOf(decider, 'proposeDecision', { applicationId, outcome: 'APPROVE' })).toEqual(['FOUR_EYES']);
    }
    await (await story.staff('DECIDER', 4)).must('proposeDecision', { applicationId, outcome: 'APPROVE' });
  });

  it('has exactly two countersignatures when many sign at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const applicationId = await proposed();
      const deciders = await Promise.all([2, 3, 4, 5].map((which) => story.staff('DECIDER', which)));
      const [any = story.desk.stranger] = deciders;
      const input = { applicationId, decisionId: await proposedDecision(any, applicationId) };
      const answers = await Promise.all(
        [...deciders, ...deciders].map((decider) => codesOf(decider, 'countersignDecision', input)),
      );
      expect(answers.filter((codes) => codes.length === 0)).toHaveLength(2);
      const seen = await look(
        await story.staff('AUDITOR'),
        applicationId,
        'status grant { id } decisions { firstCountersignedBy { id } countersignedBy { id } }',
      );
      expect(seen).toMatchObject({ status: 'APPROVED', grant: { id: expect.any(String) } });
      const [decision] = listAt(seen, 'decisions');
      expect(textAt(decision, 'firstCountersignedBy', 'id')).not.toBe(textAt(decision, 'countersignedBy', 'id'));
      expect(await lastEvents(await story.staff('AUDITOR'), applicationId, 3)).toEqual([
        'application.decision_countersigned',
        'application.approved',
        'grant.created',
      ]);
    }
  }, 300_000);

  it('is countersigned in bulk once by each who does so', async () => {
    const applicationIds = [await proposed(), await proposed()];
    const query = 'query ($id: ID!) { bulkOperation(id: $id) { status done refused } }';
    const inBulk = async (which: number) => {
      const decider = await story.staff('DECIDER', which);
      const started = await decider.must('countersignDecisions', { applicationIds }, 'operation { id }');
      return eventually(async () => {
        const seen = await decider.ask(query, { id: textAt(started, 'operation', 'id') });
        expect(valueAt(seen, 'bulkOperation', 'status')).toBe('FINISHED');
        return seen;
      });
    };
    expect(await inBulk(2)).toMatchObject({ bulkOperation: { done: 2, refused: 0 } });
    expect(await inBulk(2)).toMatchObject({ bulkOperation: { done: 0, refused: 2 } });
    expect(await inBulk(3)).toMatchObject({ bulkOperation: { done: 2, refused: 0 } });
    for (const applicationId of applicationIds)
      expect(await look(await story.staff('AUDITOR'), applicationId, 'status')).toEqual({ status: 'APPROVED' });
  });

  it('is told of by e-mail to those who may give the second', async () => {
    const applicationId = await proposed();
    const third = await story.staff('DECIDER', 3);
    const email = textAt(await third.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    await countersign(story, applicationId, 2);
    const letter = await story.desk.mail.next(email, /It needs 2 countersignatures/);
    expect(letter).toContain('was countersigned once');
  });

  it('takes a program that has deciders enough', async () => {
    const { database } = story.desk;
    await story.takeOnEverybody();
    const workflow = { ...sampleProgram.version.workflow, approvalCountersignatures: 2 };
    const input = { programId: story.programId, workflow, dryRun: true };
    const publish = async () =>
      (await (await story.staff('PROGRAM_MANAGER')).command('publishProgramWorkflow', input)).errors;
    expect(await publish()).toEqual([]);
    await sql`update staff_member set active = false where 'DECIDER' = any(roles) and id not in (
      select id from staff_member where 'DECIDER' = any(roles) order by id limit 2)`.execute(database.kysely());
    const message = expect.stringContaining('A decision takes 3 people');
    expect(await publish()).toMatchObject([{ code: 'INVALID', path: ['workflow', 'stages', '2'], message }]);
  });
});
