import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import PostalMime from 'postal-mime';
import { pdf, uploadDocument } from '../../src/demo/applying.js';
import { textAt } from '../../src/demo/portal-client.js';
import { addressOf } from '../support/portal.js';
import { eventually, look, type Partner, proposedDecision, refusal, Story } from './story.js';

interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** What staff write for each other, and must reach no partner. */
const secrets = ['Between us: thin.', 'Their CISO worried me.', 'I used to work there.', 'Not convinced yet.'];

describe('e-mails', () => {
  let story: Story;
  let partner: Partner;
  let bystander: Partner;
  let applicationId: string;
  let reference: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Lea Letter', 'Letter Utilities');
    bystander = await story.partner('Ben Bystander', 'Bystander Utilities');
    await story.colleague(partner, 'Ann Applicant', 'APPLICANT');
    await story.colleague(partner, 'Vic Viewer', 'VIEWER');
    // Everybody on the staff is there before anything happens, so that it can be seen who hears nothing.
    for (const role of ['INTAKE', 'REVIEWER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'] as const) await story.staff(role);
    for (const [role, which] of [
      ['INTAKE', 2],
      ['REVIEWER', 2],
      ['REVIEWER', 3],
    ] as const)
      await story.staff(role, which);
    for (const which of [1, 2, 3, 4]) await story.staff('DECIDER', which);
  });
  afterAll(() => story.close());

  const members = () => [partner.email, addressOf('Ann Applicant'), addressOf('Vic Viewer')];

  /** All letters so far, once those that are due have been written. */
  async function letters(): Promise<readonly Letter[]> {
    await eventually(async () => {
      const waiting = await sql<{
        many: number;
      }>`select count(*)::int as many from notification where status = 'PENDING'`.execute(story.desk.database.kysely());
      expect(waiting.rows).toEqual([{ many: 0 }]);
    });
    const folder = join(story.desk.config.dataDir, 'mail');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
    return Promise.all(
      names.map(async (name) => {
        const mail = await PostalMime.parse(await readFile(join(folder, name)));
        return { to: mail.to?.[0]?.address ?? '', subject: mail.subject ?? '', text: mail.text ?? '' };
      }),
    );
  }
  /** To whom letters with this subject went, each once, in the order of the alphabet. */
  async function toldBy(subject: string, from: readonly Letter[]): Promise<readonly string[]> {
    const told = from.filter((letter) => letter.subject === `${reference}: ${subject}`).map((letter) => letter.to);
    expect(new Set(told).size).toBe(told.length);
    return told.sort();
  }
  /** The address of the first member of staff in this role, or of another. */
  const staffAddress = async (role: Parameters<Story['staff']>[0], which = 1) => {
    const client = await story.staff(role, which);
    return textAt(await client.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
  };

  it('reach those who should hear of a submission: receipts to those who apply, work to intake', async () => {
    applicationId = await story.submitted(partner);
    reference = textAt(await look(partner.owner, applicationId, 'reference'), 'reference');
    await eventually(async () => expect(await toldBy('application received', await letters())).toHaveLength(2));
    const all = await letters();
    expect(await toldBy('application received', all)).toEqual([addressOf('Ann Applicant'), partner.email].sort());
    expect(await toldBy('submitted, waits for intake', all)).toEqual(
      [await staffAddress('INTAKE'), await staffAddress('INTAKE', 2)].sort(),
    );
  });

  it('go to the members of the organization about every step, and to staff whose work it is', async () => {
    const { owner } = partner;
    const intake = await story.staff('INTAKE');
    const [first, second] = [await story.staff('REVIEWER'), await story.staff('REVIEWER', 2)];
    await intake.must('startReview', { applicationId });
    await intake.must('advanceStage', { applicationId });
    const asked = await second.must(
      'requestInformation',
      { applicationId, questions: [{ text: 'Which networks?' }] },
      'application { informationRequests { id } }',
    );
    const informationRequestId = textAt(asked, 'application', 'informationRequests', 0, 'id');
    await uploadDocument(owner, applicationId, 'information-request', {
      fileName: 'plan.pdf',
      bytes: pdf('Plan'),
      informationRequestId,
    });
    await owner.must('respondToInformationRequest', {
      applicationId,
      informationRequestId,
      answers: [{ question: 1, text: 'These.' }],
    });
    for (const reviewer of [first, second]) {
      await reviewer.must('giveRecommendation', { applicationId, kind: 'APPROVE', comment: secrets[1] });
    }
    const third = await story.staff('REVIEWER', 3);
    await third.must('declareRecusal', { applicationId, reason: secrets[2] });
    await first.must('advanceStage', { applicationId });
    const proposer = await story.staff('DECIDER', 1);
    const propose = {
      applicationId,
      outcome: 'APPROVE_WITH_CONDITIONS',
      conditions: ['Own systems only.'],
      internalNote: secrets[0],
    };
    await proposer.must('proposeDecision', propose);
    const declined = await proposedDecision(proposer, applicationId);
    await (await story.staff('DECIDER', 2)).must('declineToCountersign', {
      applicationId,
      decisionId: declined,
      reason: secrets[3],
    });
    await proposer.must('proposeDecision', propose);
    const decisionId = await proposedDecision(proposer, applicationId);
    await (await story.staff('DECIDER', 3)).must('countersignDecision', { applicationId, decisionId });

    await eventually(async () => expect(await toldBy('approved', await letters())).toHaveLength(3));
    const all = await letters();
    expect(await toldBy('review started', all)).toEqual(members().sort());
    expect(await toldBy('a question for you', all)).toEqual(members().sort());
    expect(await toldBy('the questions were answered', all)).toEqual([await staffAddress('REVIEWER', 2)]);
    expect(await toldBy('your proposal was not countersigned', all)).toEqual([await staffAddress('DECIDER', 1)]);
    expect(await toldBy('approved', all)).toEqual(members().sort());
    const proposals = all.filter(
      (letter) => letter.subject === `${reference}: a decision waits for a countersignature`,
    );
    expect(new Set(proposals.map((letter) => letter.to))).toEqual(
      new Set([await staffAddress('DECIDER', 2), await staffAddress('DECIDER', 3), await staffAddress('DECIDER', 4)]),
    );
    const approval = all.find((letter) => letter.subject === `${reference}: approved` && letter.to === partner.email);
    expect(approval?.text).toMatch(/These conditions apply:\s+- Own systems only\..*Access is being set up/s);
  });

  it('tell members of a grant that is suspended, and why', async () => {
    const grant = await look(partner.owner, applicationId, 'grant { id reference }');
    const grantId = textAt(grant, 'grant', 'id');
    await (await story.provisioner()).must('acknowledgeProvisioning', { grantId });
    await (await story.staff('PROGRAM_MANAGER')).must('suspendGrant', { grantId, reason: 'An authority asks.' });
    reference = textAt(grant, 'grant', 'reference');
    await eventually(async () => expect(await toldBy('suspended', await letters())).toEqual(members().sort()));
    const all = await letters();
    expect(await toldBy('can be used now', all)).toEqual(members().sort());
    const letter = all.find((one) => one.subject === `${reference}: suspended`);
    expect(letter?.text).toMatch(/The reason: An authority asks\..*Stop using the product/s);
  });

  it('tell a partner why it was refused and until when to appeal', async () => {
    const refusedId = await story.decided(partner, { ...refusal, internalNote: secrets[0] ?? '' });
    reference = textAt(await look(partner.owner, refusedId, 'reference'), 'reference');
    await eventually(async () => expect(await toldBy('refused', await letters())).toEqual(members().sort()));
    const letter = (await letters()).find((one) => one.subject === `${reference}: refused`);
    expect(letter?.text).toMatch(
      /- The end use is not described well enough\..*You may appeal until \d{4}-\d\d-\d\d \d\d:\d\d UTC\./s,
    );
  });

  it('hold no note, opinion or name of staff when they go to a partner', async () => {
    const staffNames = await sql<{
      name: string;
    }>`select u.name from auth_user u join staff_member s on s.user_id = u.id`.execute(story.desk.database.kysely());
    const forbidden = [
      ...secrets,
      ...staffNames.rows.map((row) => row.name),
      'operator.example.org',
      'recommend',
      'recus',
    ];
    const toPartners = (await letters()).filter((letter) => letter.to.endsWith('@partner.example.org'));
    expect(toPartners.length).toBeGreaterThan(20);
    for (const { subject, text } of toPartners) {
      for (const words of forbidden) expect(`${subject}\n${text}`).not.toContain(words);
    }
  });

  it('go to nobody else: not to other partners, nor to staff who have nothing to do with it', async () => {
    const all = await letters();
    const toBystander = all.filter((letter) => letter.to === bystander.email);
    expect(toBystander.map((letter) => letter.subject)).toEqual(['Confirm your e-mail address']);
    for (const [role, which] of [
      ['AUDITOR', 1],
      ['ADMIN', 1],
      ['PROGRAM_MANAGER', 1],
      ['REVIEWER', 3],
    ] as const) {
      const address = await staffAddress(role, which);
      const subjects = all.filter((letter) => letter.to === address).map((letter) => letter.subject);
      expect([role, subjects]).toEqual([role, ['You were added to the staff', 'Your password was changed']]);
    }
    const known = await sql<{ email: string }>`select email from auth_user`.execute(story.desk.database.kysely());
    const emails = known.rows.map((row) => row.email);
    for (const { to } of all) expect(emails).toContain(to);
  });
});
