import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { smtpTransport } from '../../src/notifications/mail-transport.js';
import { encodeId } from '../../src/platform/ids.js';
import { type MailDesk, openMailDesk } from './mail-desk.js';
import { MailServer } from './mail-server.js';

const server = new MailServer();

describe('who hears of what by e-mail', () => {
  let desk: MailDesk;
  let about: { applicationId: string; reference: string; status: string };

  beforeAll(async () => {
    await server.start();
    desk = await openMailDesk(smtpTransport(server.url));
  });

  beforeEach(() => {
    const { applicationId, reference, status } = desk.application;
    about = { applicationId, reference, status };
  });

  afterEach(async () => {
    server.mails.length = 0;
    await desk.forget();
  });

  afterAll(async () => {
    await desk.close();
    await server.stop();
  });

  it('gives whoever submitted a receipt, tells the other applicants, and intake', async () => {
    await desk.happens({ event: 'application.submitted', payload: { ...about, revision: 2 } }, desk.people.applicant);
    expect(server.letters).toEqual([
      'applicant@partner.example: APP-7: application received',
      'intake@operator.example: APP-7: submitted, waits for intake',
      'owner@partner.example: APP-7: application received',
    ]);
    const [receipt] = server.mails.filter(({ recipients }) => recipients.includes('applicant@partner.example'));
    expect(receipt?.email).toMatchObject({
      from: { name: 'Access desk', address: 'access@example.org' },
      messageId: expect.stringMatching(/^<[0-9a-f-]{36}@access\.example\.org>$/),
    });
    expect(receipt?.email.text).toContain('APP-7 of Delta Grid B.V. was received as revision 2');
    expect(receipt?.email.text).toContain(`https://access.example.org/?application=${about.applicationId}`);
  });

  it('tells members of a question, when the answer is due, and not who asked', async () => {
    const payload = {
      ...about,
      informationRequestId: desk.questionId,
      dueAt: '2026-12-01T16:00:00.000Z',
      questions: 1,
    };
    await desk.happens({ event: 'application.information_requested', payload }, desk.people.second);
    expect(server.letters).toEqual([
      'applicant@partner.example: APP-7: a question for you',
      'owner@partner.example: APP-7: a question for you',
      'viewer@partner.example: APP-7: a question for you',
    ]);
    for (const { email } of server.mails) {
      expect(email.text).toContain('2026-12-01 16:00 UTC');
      expect(email.text).not.toMatch(/second|reviewer|Why\?/);
    }
  });

  it('tells whoever asked, and the assignee, of the answer', async () => {
    const payload = { ...about, informationRequestId: desk.questionId };
    await desk.happens({ event: 'application.information_provided', payload }, desk.people.owner);
    expect(server.letters).toEqual([
      'reviewer@operator.example: APP-7: the questions were answered',
      'second@operator.example: APP-7: the questions were answered',
    ]);
  });

  it('tells a member of staff what was assigned to them, unless they took it themselves', async () => {
    const staffId = encodeId('staff', desk.staffIds.get('reviewer') ?? '');
    const assigned = { event: 'application.assigned', payload: { ...about, staffId } } as const;
    await desk.happens(assigned, desk.people.reviewer);
    await desk.happens({ event: 'application.assigned', payload: { ...about, staffId: null } }, desk.people.intake);
    expect(server.letters).toEqual([]);
    await desk.happens(assigned, desk.people.intake);
    expect(server.letters).toEqual(['reviewer@operator.example: APP-7: assigned to you']);
  });

  it('asks the other deciders to countersign: not the proposer, nor who is recused or gone', async () => {
    const payload = { ...about, decisionId: desk.decisionId };
    await desk.happens({ event: 'application.decision_proposed', payload }, desk.people.decider);
    expect(server.letters).toEqual(['second@operator.example: APP-7: a decision waits for a countersignature']);
    expect(server.mails[0]?.email.text).not.toContain('secret note');
  });

  it('tells the proposer when another one declined to countersign', async () => {
    const payload = { ...about, decisionId: desk.decisionId };
    await desk.happens({ event: 'application.countersignature_declined', payload }, desk.people.second);
    expect(server.letters).toEqual(['decider@operator.example: APP-7: your proposal was not countersigned']);
  });

  it('tells every member of an intent to refuse, why and until when to answer, and the deciders and the assignee of the answer', async () => {
    const announced = {
      ...about,
      intentId: 'intent_x',
      reasons: ['The end use is not covered.'],
      reasonCodes: [],
      answerBefore: '2026-12-08T10:00:00.000Z',
    };
    await desk.happens({ event: 'application.intent_to_refuse_announced', payload: announced }, desk.people.second);
    expect(server.mails).toHaveLength(3);
    expect(server.mails[0]?.email.text).toContain('- The end use is not covered.');
    expect(server.mails[0]?.email.text).toContain('until 2026-12-08 10:00 UTC');

    server.mails.length = 0;
    const answered = { ...about, intentId: 'intent_x' };
    await desk.happens({ event: 'application.intent_to_refuse_answered', payload: answered }, desk.people.owner);
    expect(server.letters).toEqual([
      'decider@operator.example: APP-7: the intent to refuse was answered',
      'reviewer@operator.example: APP-7: the intent to refuse was answered',
      'second@operator.example: APP-7: the intent to refuse was answered',
    ]);
  });

  it('tells every member of an approval with its conditions', async () => {
    const payload = {
      ...about,
      decisionId: desk.decisionId,
      grantId: 'grant_x',
      conditions: ['Keep logs for a year.', 'Only at the Delft site.'],
    };
    await desk.happens({ event: 'application.approved', payload }, desk.people.second);
    expect(server.mails.map(({ recipients }) => recipients.join()).sort()).toEqual([
      'applicant@partner.example',
      'owner@partner.example',
      'viewer@partner.example',
    ]);
    expect(server.mails[0]?.email.text).toContain('- Keep logs for a year.\n- Only at the Delft site.');
  });

  it('tells every member of a refusal, with reasons in words and the end of the time to appeal', async () => {
    const payload = {
      ...about,
      decisionId: desk.decisionId,
      reasons: ['The end use is not covered.'],
      appealBefore: '2026-12-24T23:59:00.000Z',
    };
    await desk.happens({ event: 'application.refused', payload }, desk.people.second);
    expect(server.mails).toHaveLength(3);
    expect(server.mails[0]?.email.text).toContain('- The end use is not covered.');
    expect(server.mails[0]?.email.text).toContain('2026-12-24 23:59 UTC');
  });

  it('tells members why an application was returned, and the others when one of them withdrew it', async () => {
    await desk.happens(
      { event: 'application.returned_for_correction', payload: { ...about, reason: 'Page 2 is missing.' } },
      desk.people.intake,
    );
    expect(server.mails).toHaveLength(3);
    expect(server.mails[0]?.email.text).toContain('Page 2 is missing.');

    server.mails.length = 0;
    await desk.happens({ event: 'application.withdrawn', payload: { ...about, reason: null } }, desk.people.owner);
    expect(server.letters).toEqual([
      'applicant@partner.example: APP-7: withdrawn',
      'reviewer@operator.example: APP-7: withdrawn',
      'viewer@partner.example: APP-7: withdrawn',
    ]);
  });

  it('tells members when a grant can be used, and why it is suspended', async () => {
    const grant = {
      grantId: 'grant_x',
      reference: 'GR-1',
      applicationId: about.applicationId,
      productCode: 'mythos-5',
      status: 'ACTIVE',
    };
    await desk.happens({ event: 'grant.activated', payload: grant });
    await desk.happens({ event: 'grant.suspended', payload: { ...grant, reason: 'Directive 2026-06.' } });
    expect(server.letters).toEqual([
      'applicant@partner.example: GR-1: can be used now',
      'applicant@partner.example: GR-1: suspended',
      'owner@partner.example: GR-1: can be used now',
      'owner@partner.example: GR-1: suspended',
      'viewer@partner.example: GR-1: can be used now',
      'viewer@partner.example: GR-1: suspended',
    ]);
    expect(server.mails.at(-1)?.email.text).toContain('Directive 2026-06.');
  });

  it('writes no mail about what only the timeline shows', async () => {
    await desk.happens({ event: 'application.started', payload: about }, desk.people.owner);
    expect(await desk.kept()).toEqual([]);
  });

  it('writes nobody twice when events are dispatched twice', async () => {
    await desk.happens({ event: 'application.review_started', payload: { ...about, stage: 'first' } });
    const found = await sql<{ id: string }>`select id from audit_record order by sequence desc limit 1`.execute(
      desk.database.kysely(),
    );
    const eventIds = found.rows.map(({ id }) => id);
    const signal = new AbortController().signal;
    await Promise.all([desk.dispatch.handle({ eventIds }, signal), desk.dispatch.handle({ eventIds }, signal)]);
    await desk.jobs.drain();
    expect(server.mails).toHaveLength(3);
  });
});
