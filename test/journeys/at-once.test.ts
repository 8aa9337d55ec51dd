import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { Client } from 'pg';
import type { Fields, PortalClient } from '../../src/demo/portal-client.js';
import type { PersonActor } from '../../src/lifecycle/actor.js';
import { decodeId, randomIds } from '../../src/platform/ids.js';
import { recommend } from '../../src/reviews/review.commands.js';
import { copyApplication } from '../permissions/copies.js';
import { breaksInAudit } from '../properties/invariants.js';
import { codesOf, look, numberAt, type Partner, Story, timelineOf } from './story.js';

const many = 50;
const reviewers = 200;

describe('when many act at once', () => {
  let story: Story;
  let partner: Partner;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Ada Many', 'Many Hands');
  }, 60_000);
  afterAll(() => story.close());

  async function standing(applicationId: string): Promise<{ version: number; told: number }> {
    const version = numberAt(await look(await story.staff('INTAKE'), applicationId, 'version'), 'version');
    return { version, told: (await timelineOf(await story.staff('INTAKE'), applicationId)).length };
  }

  /** All of them at the same moment; the codes with which those were refused that were, and how many were accepted. */
  async function outcomes(commands: readonly (readonly [PortalClient, string, Fields])[]) {
    const answers = await Promise.all(commands.map((command) => codesOf(...command)));
    const refusals = answers.filter((codes) => codes.length > 0);
    return { accepted: answers.length - refusals.length, codes: [...new Set(refusals.flat())] };
  }

  it('fifty commands of one kind on one application are one success and 49 refusals that say it stands elsewhere', async () => {
    const applicationId = await story.submitted(partner);
    const before = await standing(applicationId);
    const clerks = [await story.staff('INTAKE', 1), await story.staff('INTAKE', 2)];
    const commands = Array.from({ length: many }, (_none, number) => {
      const clerk = clerks[number % clerks.length] ?? story.desk.stranger;
      return [clerk, 'startReview', { applicationId }] as const;
    });
    expect(await outcomes(commands)).toEqual({ accepted: 1, codes: ['NOT_ALLOWED_NOW'] });
    expect(await standing(applicationId)).toEqual({ version: before.version + 1, told: before.told + 1 });
    await partner.owner.must('withdrawApplication', { applicationId });
  }, 60_000);

  it('fifty of five kinds, decided on the same state, are one success and 49 refusals that say it moved on', async () => {
    const applicationId = await story.submitted(partner);
    const before = await standing(applicationId);
    const about = { applicationId, expectedVersion: before.version };
    const [intake, manager] = [await story.staff('INTAKE'), await story.staff('PROGRAM_MANAGER')];
    const kinds: readonly (readonly [PortalClient, string, Fields])[] = [
      [intake, 'startReview', about],
      [intake, 'requestInformation', { ...about, questions: [{ text: 'Which systems?' }] }],
      [intake, 'returnForCorrection', { ...about, reason: 'The seats are missing.' }],
      [manager, 'returnWithoutAction', { ...about, reason: 'Not for this program.' }],
      [partner.owner, 'withdrawApplication', about],
    ];
    const commands = Array.from({ length: many }, (_none, number) => kinds[number % kinds.length] ?? kinds[0]);
    const found = await outcomes(commands.flatMap((one) => (one ? [one] : [])));
    expect(found).toEqual({ accepted: 1, codes: ['CONFLICT'] });
    expect(await standing(applicationId)).toEqual({ version: before.version + 1, told: before.told + 1 });
  }, 60_000);

  it('two hundred reviewers on as many applications are all heard, and wait for nobody who holds another', async () => {
    const { desk } = story;
    const pattern = await story.inTechnicalReview(await story.partner('Bea Many', 'Pattern Works'));
    const works: { readonly applicationId: string; readonly reviewer: PersonActor }[] = [];
    for (let number = 0; number < reviewers; number += 1) {
      const applicationId = decodeId('application', await copyApplication(desk.database, pattern));
      works.push({ applicationId, reviewer: await reviewerOf(number) });
    }
    const give = ({ applicationId, reviewer }: (typeof works)[number]) =>
      desk.portal.doorway.execute(
        recommend,
        { applicationId, kind: 'APPROVE', comment: 'Sound.', conditions: [], role: null, scores: [] },
        { actor: reviewer, requestId: 'at once', ipAddress: null, idempotencyKey: null },
      );
    const [held, ...others] = works;
    if (!held) throw new Error('There are no applications.');
    await whileHolding(held.applicationId, async (release) => {
      const waiting = give(held);
      expect(await Promise.all(others.map(give))).toHaveLength(reviewers - 1);
      await release();
      expect(await waiting).toMatchObject({ applicationId: held.applicationId });
    });
    const counted = await sql<{ heard: number }>`select count(*)::int as heard from audit_record
      where request_id = 'at once' and event = 'application.recommended'`.execute(desk.database.kysely());
    expect(counted.rows).toEqual([{ heard: reviewers }]);
    expect(await breaksInAudit(desk.database)).toEqual([]);
  }, 120_000);

  async function reviewerOf(number: number): Promise<PersonActor> {
    const personId = randomIds.next();
    const [name, email] = [`Reviewer ${number}`, `reviewer.${number}@operator.example.org`];
    await sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      values (${personId}, ${name}, ${email}, true, now(), now())`.execute(story.desk.database.kysely());
    const staff = { staffId: null, staffRoles: ['REVIEWER'], mustChangePassword: false, memberships: [] } as const;
    return { kind: 'PERSON', personId, name, email, ...staff };
  }

  /** Holds an application as a command does that is not finished. The embedded database has nobody else who could. */
  async function whileHolding(
    applicationId: string,
    work: (release: () => Promise<unknown>) => Promise<void>,
  ): Promise<void> {
    const { url } = story.desk.database;
    if (!url) return work(async () => {});
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('begin');
      await client.query('select from application where id = $1 for no key update', [applicationId]);
      await work(() => client.query('commit'));
    } finally {
      await client.end();
    }
  }
});
