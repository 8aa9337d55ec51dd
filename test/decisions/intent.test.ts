import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { textAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { finalizeRefusal } from '../../src/reviews/intent.commands.js';
import { idsFound } from '../finding/finding-desk.js';
import { codesOf, day, eventually, listAt, look, type Partner, refusal, Story } from '../journeys/story.js';
import { bySystem } from '../support/portal.js';
import { countersign, intentOf, lastEvents, Pattern, programThat } from './deciding.js';

const answerText = 'The annex describes the end use.';

describe('a refusal that is announced before it is final', () => {
  let story: Story;
  let who: Partner;
  let pattern: Pattern;

  beforeAll(async () => {
    story = await Story.open();
    who = await story.partner('Ines Intent', 'Intent Works');
    pattern = await Pattern.of(story, who, await programThat(story, 'announcing', { intentToRefuseDays: 14 }));
  }, 300_000);
  afterAll(() => story.close());

  const announced = () => pattern.decided({ ...refusal, internalNote: 'Between us.' });
  const answer = async (applicationId: string) => {
    const intentId = await intentOf(who, applicationId);
    await who.owner.must('answerIntentToRefuse', { applicationId, intentId, response: answerText });
  };

  it('tells the partner why and until when to answer, and nothing of the decision', async () => {
    const applicationId = await announced();
    const fields = `status availableCommands decidedAt appealBefore decisions { id }
      intentsToRefuse { reasons { text code } announcedAt answerBefore ending decision { id } rescindedBy { id } }
      time { intervals { kind endedAt } }`;
    const seen = await look(who.owner, applicationId, fields);
    expect(seen).toMatchObject({
      status: 'INTENT_TO_REFUSE',
      availableCommands: [
        'addDocument',
        'removeDocument',
        'withdraw',
        'answerIntentToRefuse',
        'acceptIntentToRefuse',
        'sendMessage',
      ],
      decidedAt: null,
      appealBefore: null,
      decisions: [],
      intentsToRefuse: [
        { reasons: [{ text: refusal.reasons?.[0], code: null }], ending: null, decision: null, rescindedBy: null },
      ],
    });
    const [intent] = listAt(seen, 'intentsToRefuse');
    expect(Date.parse(textAt(intent, 'answerBefore')) - Date.parse(textAt(intent, 'announcedAt'))).toBe(14 * day);
    expect(listAt(seen, 'time', 'intervals').at(-1)).toEqual({ kind: 'PAUSED', endedAt: null });
    expect(await lastEvents(who.owner, applicationId, 1)).toEqual(['application.intent_to_refuse_announced']);
    expect(await codesOf(who.owner, 'appealDecision', { applicationId, grounds: 'No.' })).toEqual(['NOT_ALLOWED_NOW']);
    const letter = await story.desk.mail.next(who.email, /to be refused, and you may answer first/);
    expect(letter).toContain(refusal.reasons?.[0]);

    const decider = await story.staff('DECIDER', 3);
    const staffSees = `dueAt availableCommands decisions { status } intentsToRefuse { decision { status } }
      time { intervals { kind cause stage { key } } }`;
    const shown = await look(decider, applicationId, staffSees);
    expect(shown).toMatchObject({
      dueAt: null,
      availableCommands: ['recuse', 'sendMessage', 'leaveUnanswered', 'writeNote'],
      decisions: [{ status: 'ANNOUNCED' }],
      intentsToRefuse: [{ decision: { status: 'ANNOUNCED' } }],
    });
    const paused = { kind: 'PAUSED', cause: 'INTENT_ANNOUNCED', stage: { key: 'decision' } };
    expect(listAt(shown, 'time', 'intervals').at(-1)).toEqual(paused);
  });

  it('is answered once, with documents, and decided anew; a refusal after that is final at its last countersignature', async () => {
    const applicationId = await announced();
    const intentId = await intentOf(who, applicationId);
    const sha256 = createHash('sha256').update('pdf').digest('hex');
    const file = { fileName: 'annex.pdf', mediaType: 'application/pdf', size: 3, sha256 };
    await who.owner.must('requestDocumentUpload', { applicationId, requirementKey: 'supporting-evidence', ...file });
    const response = `${answerText} So does the zeppelin.`;
    const input = { applicationId, intentId, response };
    expect(await codesOf(who.owner, 'answerIntentToRefuse', { ...input, response: ' ' })).toEqual(['REQUIRED']);
    expect(await codesOf(who.owner, 'answerIntentToRefuse', { ...input, response: 'x'.repeat(8001) })).toEqual([
      'INVALID',
    ]);
    const other = await intentOf(who, await announced());
    expect(await codesOf(who.owner, 'answerIntentToRefuse', { ...input, intentId: other })).toEqual(['NOT_FOUND']);
    await who.owner.must('answerIntentToRefuse', input);
    expect(await codesOf(who.owner, 'answerIntentToRefuse', input)).toEqual(['NOT_ALLOWED_NOW']);

    const decider = await story.staff('DECIDER');
    const fields = `status stage { key } dueAt availableCommands decisions { status }
      intentsToRefuse { ending response respondedBy { name } }`;
    const seen = await look(decider, applicationId, fields);
    expect(seen).toMatchObject({
      status: 'IN_REVIEW',
      stage: { key: 'decision' },
      dueAt: expect.any(String),
      decisions: [{ status: 'LAPSED' }],
      intentsToRefuse: [{ ending: 'ANSWERED', response, respondedBy: { name: 'Ines Intent' } }],
    });
    expect(listAt(seen, 'availableCommands')).toContain('proposeDecision');
    // Staff and its partner find the application by the answer, nobody else.
    const stranger = await story.partner('Sten Stranger', 'Stranger Works');
    for (const client of [decider, who.owner])
      expect(await idsFound(client, { search: 'annex zeppelin' })).toEqual([applicationId]);
    expect(await idsFound(stranger.owner, { search: 'zeppelin' })).toEqual([]);
    await story.propose(applicationId, refusal);
    await countersign(story, applicationId);
    expect(await look(who.owner, applicationId, 'status appealBefore intentsToRefuse { ending }')).toMatchObject({
      status: 'REFUSED',
      appealBefore: expect.any(String),
      intentsToRefuse: [{ ending: 'ANSWERED' }],
    });
    expect(await lastEvents(who.owner, applicationId, 2)).toEqual([
      'application.intent_to_refuse_answered',
      'application.refused',
    ]);
  });

  it('is not refused at all when the answer convinces', async () => {
    const applicationId = await announced();
    await answer(applicationId);
    await story.propose(applicationId, { outcome: 'APPROVE' });
    await countersign(story, applicationId);
    expect(await look(who.owner, applicationId, 'status grant { status } decisions { outcome }')).toEqual({
      status: 'APPROVED',
      grant: { status: 'PENDING_PROVISIONING' },
      decisions: [{ outcome: 'APPROVE' }],
    });
  });

  it('is final at once when an owner does not want to wait, and can be appealed; of the appeal nothing is announced', async () => {
    const applicationId = await announced();
    const applicant = await story.colleague(who, 'Ada Applicant', 'APPLICANT');
    const input = { applicationId, intentId: await intentOf(who, applicationId) };
    expect(await codesOf(applicant, 'acceptIntentToRefuse', input)).toEqual(['FORBIDDEN']);
    await who.owner.must('acceptIntentToRefuse', input);
    const seen = await look(who.owner, applicationId, 'status decidedAt appealBefore decisions { status finalAt }');
    expect(seen).toMatchObject({
      status: 'REFUSED',
      decisions: [{ status: 'COUNTERSIGNED', finalAt: seen?.decidedAt }],
    });
    expect(await lastEvents(who.owner, applicationId, 2)).toEqual([
      'application.intent_to_refuse_accepted',
      'application.refused',
    ]);
    await who.owner.must('appealDecision', { applicationId, grounds: 'It is in scope, says the ombudsman.' });
    const third = await story.staff('DECIDER', 3);
    expect(await idsFound(third, { search: 'ombudsman' })).toEqual([applicationId]);
    await third.must('proposeDecision', { applicationId, ...refusal });
    await countersign(story, applicationId, 4);
    expect(await look(who.owner, applicationId, 'status appealBefore')).toEqual({
      status: 'REFUSED',
      appealBefore: null,
    });
  });

  it('is taken back by a program manager, for a reason the partner sees, and announced again when refused again', async () => {
    const applicationId = await announced();
    const input = {
      applicationId,
      intentId: await intentOf(who, applicationId),
      reason: 'The register was out of date and threadbare.',
    };
    expect(await codesOf(await story.staff('DECIDER'), 'rescindIntentToRefuse', input)).toEqual(['FORBIDDEN']);
    const manager = await story.staff('PROGRAM_MANAGER');
    expect(await codesOf(manager, 'rescindIntentToRefuse', { ...input, reason: '' })).toEqual(['REQUIRED']);
    await manager.must('rescindIntentToRefuse', input);
    const fields = 'status intentsToRefuse { ending rescindedReason rescindedBy { name } }';
    const intent = { ending: 'RESCINDED', rescindedReason: input.reason };
    expect(await look(who.owner, applicationId, fields)).toEqual({
      status: 'IN_REVIEW',
      intentsToRefuse: [{ ...intent, rescindedBy: null }],
    });
    expect(await look(manager, applicationId, fields)).toMatchObject({
      intentsToRefuse: [{ ...intent, rescindedBy: { name: expect.stringContaining('program manager') } }],
    });
    expect(await idsFound(manager, { search: 'threadbare' })).toEqual([applicationId]);
    expect(await story.desk.mail.next(who.email, /in review again/)).toContain(input.reason);
    await story.propose(applicationId, refusal);
    await countersign(story, applicationId);
    expect(await look(who.owner, applicationId, 'status intentsToRefuse { ending }')).toEqual({
      status: 'INTENT_TO_REFUSE',
      intentsToRefuse: [{ ending: 'RESCINDED' }, { ending: null }],
    });
  });

  it('ends when the partner withdraws, and is touched by staff in no other way', async () => {
    const applicationId = await announced();
    const [intake, manager] = [await story.staff('INTAKE'), await story.staff('PROGRAM_MANAGER')];
    for (const command of ['requestInformation', 'returnForCorrection', 'assignApplication'] as const) {
      const text = command === 'requestInformation' ? { questions: [{ text: 'Why?' }] } : { reason: 'So.' };
      const input = command === 'assignApplication' ? { applicationId } : { applicationId, ...text };
      expect(await codesOf(intake, command, input)).toEqual(['NOT_ALLOWED_NOW']);
    }
    expect(await codesOf(manager, 'returnWithoutAction', { applicationId, reason: 'So.' })).toEqual([
      'NOT_ALLOWED_NOW',
    ]);
    await who.owner.must('withdrawApplication', { applicationId });
    expect(await look(manager, applicationId, 'status decisions { status } intentsToRefuse { ending }')).toEqual({
      status: 'WITHDRAWN',
      decisions: [{ status: 'LAPSED' }],
      intentsToRefuse: [{ ending: 'WITHDRAWN' }],
    });
  });

  it('goes with two countersignatures, of which the last announces it', async () => {
    const deciding = { intentToRefuseDays: 7, refusalCountersignatures: 2 };
    const applicationId = await (await Pattern.of(story, who, await programThat(story, 'both', deciding))).decided(
      refusal,
    );
    expect(await look(who.owner, applicationId, 'status intentsToRefuse { id }')).toEqual({
      status: 'IN_REVIEW',
      intentsToRefuse: [],
    });
    await countersign(story, applicationId, 3);
    expect(await look(who.owner, applicationId, 'status')).toEqual({ status: 'INTENT_TO_REFUSE' });
  });

  it('is final when its time is over: told once, by the portal itself, with the time to appeal from then on', async () => {
    const [applicationId, second, answered] = [await announced(), await announced(), await announced()];
    await answer(answered);
    await expect(finalize(applicationId)).rejects.toMatchObject({ code: 'NOT_ALLOWED_NOW' });
    story.pass(14 * day);
    const owner = await story.signInAgain(who.email);
    const late = { applicationId, intentId: await intentOf({ ...who, owner }, applicationId), response: answerText };
    // The portal may have been there already: it looks every minute.
    const [code] = await codesOf(owner, 'answerIntentToRefuse', late);
    expect(['EXPIRED', 'NOT_ALLOWED_NOW']).toContain(code);

    const atOnce = await Promise.allSettled([1, 2, 3].map(() => finalize(applicationId)));
    expect(atOnce.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1);
    await story.run('reviews.finalize-refusals');
    await eventually(async () => expect(await look(owner, second, 'status')).toEqual({ status: 'REFUSED' }));
    expect(await look(owner, answered, 'status')).toEqual({ status: 'IN_REVIEW' });

    const seen = await look(
      owner,
      applicationId,
      'status decidedAt appealBefore intentsToRefuse { ending decision { finalAt countersignedAt } } timeline(first: 2) { nodes { actor type } }',
    );
    expect(seen).toMatchObject({
      status: 'REFUSED',
      intentsToRefuse: [{ ending: 'EXPIRED', decision: { finalAt: seen?.decidedAt } }],
    });
    // Its letter may have been written meanwhile.
    expect(listAt(seen, 'timeline', 'nodes')).toContainEqual({ actor: 'The portal', type: 'application.refused' });
    expect(Date.parse(textAt(seen, 'appealBefore')) - Date.parse(textAt(seen, 'decidedAt'))).toBe(28 * day);
    const told = await lastEvents(owner, applicationId, 20);
    expect(told.filter((type) => type === 'application.refused')).toHaveLength(1);
  });

  const finalize = (applicationId: string) =>
    story.desk.portal.doorway.execute(
      finalizeRefusal,
      { applicationId: decodeId('application', applicationId) },
      bySystem,
    );
});
