import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { listAt, look } from '../journeys/story.js';
import { RoutingDesk, rule } from './routing-desk.js';

describe('routing', () => {
  let desk: RoutingDesk;
  let intake: PortalClient;
  let first: PortalClient;
  let second: PortalClient;
  let firstId: string;
  let secondId: string;

  const eventsOf = async (applicationId: string) => {
    const found = await sql<{ event: string; payload: string }>`select event, payload from audit_record
      where application_id = ${decodeId('application', applicationId)} order by sequence`.execute(
      desk.story.desk.database.kysely(),
    );
    return found.rows;
  };

  beforeAll(async () => {
    desk = await RoutingDesk.open();
    intake = await desk.story.staff('INTAKE');
    first = await desk.story.staff('REVIEWER', 1);
    second = await desk.story.staff('REVIEWER', 2);
    firstId = await desk.staffId(first);
    secondId = await desk.staffId(second);
    await desk.defineFlag('sensitive');
  }, 120_000);
  afterAll(() => desk.story.close());

  it('goes by the first rule that holds, on entry to intake and to each stage', async () => {
    await desk.publish(
      rule('dams', { when: [{ sectorIn: ['DAMS'] }], queue: 'dams' }),
      rule('dutch-water', {
        at: ['intake'],
        when: [{ sectorIn: ['WATER_AND_WASTEWATER'] }, { countryIn: ['BE', 'NL'] }],
        queue: 'dutch-water',
      }),
      rule('whatever-comes', { at: ['intake'], queue: 'never-reached' }),
      rule('many-seats', {
        at: ['screening'],
        when: [{ answer: { path: ['seats'], greaterThan: 11 } }],
        queue: 'large',
      }),
    );
    const applicationId = await desk.submitted();
    expect(await desk.whereIs(applicationId)).toEqual({ queue: 'dutch-water', assignee: null, flags: [] });
    await intake.must('startReview', { applicationId });
    expect(await desk.whereIs(applicationId)).toMatchObject({ queue: 'large' });
    await intake.must('advanceStage', { applicationId });
    expect(await desk.whereIs(applicationId)).toMatchObject({ queue: 'technical-review' });
    const events = await eventsOf(applicationId);
    expect(
      events.filter(({ event }) => event === 'application.routed').map(({ payload }) => JSON.parse(payload)),
    ).toEqual([
      expect.objectContaining({ stage: 'intake', queue: 'dutch-water', rule: 'dutch-water', staffId: null }),
      expect.objectContaining({ stage: 'screening', queue: 'large', rule: 'many-seats', staffId: null }),
    ]);
  });

  it('gives work to whoever has the least, and then to whoever has waited longest', async () => {
    await desk.publish(rule('share', { at: ['screening'], reviewerIds: [firstId, secondId] }));
    const given: unknown[] = [];
    const taken: string[] = [];
    for (let count = 0; count < 4; count += 1) {
      taken.push(await desk.inScreening());
      given.push(valueAt(await desk.whereIs(taken[count] ?? ''), 'assignee'));
    }
    expect([...given].sort()).toEqual([firstId, firstId, secondId, secondId].sort());
    expect(given[0]).not.toBe(given[1]);
    // The second one gets rid of one, and so is next; then both have two, and the first one has waited longer.
    const ofSecond = taken[given.indexOf(secondId)];
    await second.must('releaseApplication', { applicationId: ofSecond });
    expect(await desk.whereIs(await desk.inScreening())).toMatchObject({ assignee: secondId });
    expect(await desk.whereIs(await desk.inScreening())).toMatchObject({ assignee: firstId });
    expect(await first.ask('{ myWork { totalCount } }')).toEqual({ myWork: { totalCount: 3 } });
  });

  it('leaves out who is away or recused, asks those who step in, and else leaves it in the queue', async () => {
    const third = await desk.story.staff('REVIEWER', 3);
    const thirdId = await desk.staffId(third);
    await desk.publish(
      rule('one', { at: ['screening'], reviewerIds: [firstId], fallbackIds: [thirdId], queue: 'ones' }),
    );
    const partner = await desk.partner();
    const applicationId = await desk.story.submitted(partner);
    await first.must('declareRecusal', { applicationId, reason: 'A former employer.' });
    await intake.must('startReview', { applicationId });
    expect(await desk.whereIs(applicationId)).toMatchObject({ assignee: thirdId });

    const back = await desk.isAway(first);
    expect(await desk.whereIs(await desk.inScreening())).toMatchObject({ assignee: thirdId });
    const thirdBack = await desk.isAway(third);
    expect(await desk.whereIs(await desk.inScreening())).toEqual({ queue: 'ones', assignee: null, flags: [] });
    await first.must('removeAwayPeriod', { awayPeriodId: back });
    await third.must('removeAwayPeriod', { awayPeriodId: thirdBack });
    expect(await desk.whereIs(await desk.inScreening())).toMatchObject({ assignee: firstId });
  });

  it('gives to whoever holds a role, and tells them by mail', async () => {
    await desk.publish(rule('intakers', { at: ['intake'], role: 'INTAKE' }));
    const applicationId = await desk.submitted();
    const intakeId = await desk.staffId(intake);
    expect(await desk.whereIs(applicationId)).toMatchObject({ assignee: intakeId, queue: 'intake' });
    const email = textAt(await intake.ask('{ viewer { person { email } } }'), 'viewer', 'person', 'email');
    const reference = textAt(await look(intake, applicationId, 'reference'), 'reference');
    expect(await desk.story.desk.mail.next(email, /assigned to you/)).toContain(reference);
    // Where nothing else is said, it stays in the same hands when it is taken in.
    await intake.must('startReview', { applicationId });
    expect(await desk.whereIs(applicationId)).toMatchObject({ assignee: intakeId });
  });

  it('raises flags, which the rules after know of, and goes on when it does nothing else', async () => {
    await desk.publish(
      rule('is-sensitive', {
        at: ['intake'],
        when: [{ answer: { path: ['purpose'], in: ['RED_TEAMING', 'DETECTION_ENGINEERING'] } }],
        raiseFlags: [{ flag: 'sensitive', on: 'APPLICATION', expiresAfterDays: 2 }],
      }),
      rule('sensitive-ones', { when: [{ flaggedWith: ['sensitive'] }], queue: 'sensitive' }),
    );
    const partner = await desk.partner();
    const applicationId = await desk.story.submitted(partner);
    expect(await desk.whereIs(applicationId)).toEqual({ queue: 'sensitive', assignee: null, flags: ['sensitive'] });
    const flags = await look(intake, applicationId, 'flags { rule raisedBy { id } reason expiresAt }');
    expect(flags).toEqual({
      flags: [
        {
          rule: 'is-sensitive',
          raisedBy: null,
          reason: 'Raised by the routing rule “The rule is-sensitive”.',
          expiresAt: expect.any(String),
        },
      ],
    });
    // It is up already when the corrected revision comes in, and stays one flag.
    await intake.must('returnForCorrection', { applicationId, reason: 'Sign the statement.' });
    await partner.owner.must('submitApplication', { applicationId });
    expect(await desk.whereIs(applicationId)).toMatchObject({ queue: 'sensitive', flags: ['sensitive'] });
  });

  it('goes by flags that people raised, on the organization too, until they have expired', async () => {
    await desk.publish(
      rule('sensitive-ones', { at: ['screening'], when: [{ flaggedWith: ['sensitive'] }], queue: 'sensitive' }),
    );
    const partner = await desk.partner();
    const applicationId = await desk.story.submitted(partner);
    const { organizationId } = partner;
    await first.must('raiseFlag', { organizationId, flag: 'sensitive', reason: 'A dam.' });
    await intake.must('startReview', { applicationId });
    expect(await desk.whereIs(applicationId)).toMatchObject({ queue: 'sensitive', flags: [] });
  });

  it('holds for applications that are moved to another version, too', async () => {
    await desk.publish();
    const applicationId = await desk.submitted();
    expect(await desk.whereIs(applicationId)).toMatchObject({ queue: 'intake' });
    await desk.publish(rule('elsewhere', { at: ['intake'], queue: 'elsewhere' }));
    const manager = await desk.story.staff('PROGRAM_MANAGER');
    const { programId } = desk.story;
    const versions = await manager.ask('query ($id: ID!) { program(id: $id) { versions { number } } }', {
      id: programId,
    });
    const number = valueAt(versions, 'program', 'versions', 0, 'number');
    const move = { applicationId, programId, number, reason: 'New rules.' };
    await manager.must('moveApplicationToProgramVersion', move);
    expect(await desk.whereIs(applicationId)).toMatchObject({ queue: 'elsewhere' });
  });

  it('is nothing that the partner sees', async () => {
    await desk.publish(
      rule('all', {
        at: ['screening'],
        role: 'REVIEWER',
        queue: 'secret',
        raiseFlags: [{ flag: 'sensitive', on: 'ORGANIZATION' }],
      }),
    );
    const partner = await desk.partner();
    const applicationId = await desk.story.inScreening(partner);
    expect(valueAt(await desk.whereIs(applicationId), 'queue')).toBe('secret');
    const seen = await look(
      partner.owner,
      applicationId,
      `queue assignee { id } flags { id } organization { flags { id } } programVersion { workflow { routing { key } } }
        timeline(first: 50) { nodes { type data } }`,
    );
    expect(seen).toMatchObject({
      queue: null,
      assignee: null,
      flags: [],
      organization: { flags: [] },
      programVersion: { workflow: null },
    });
    expect(JSON.stringify(seen)).not.toMatch(/routed|assigned|secret|flag\./);
    expect(listAt(seen, 'timeline', 'nodes').length).toBeGreaterThan(1);
  });

  it('is shown with the workflow as it was published', async () => {
    const rules = [
      rule('shown', {
        at: ['screening'],
        when: [{ sectorIn: ['DAMS'] }, { answer: { path: ['purpose'], equals: 'OTHER' } }],
        reviewerIds: [firstId],
        fallbackIds: [secondId],
      }),
    ];
    await desk.publish(...rules);
    const shown = await first.ask(
      `query ($id: ID!) { program(id: $id) { currentVersion { workflow { routing { key name at reviewerIds fallbackIds queue
        when { sectorIn countryIn flaggedWith answer { path equals in greaterThan } } } } } } }`,
      { id: desk.story.programId },
    );
    expect(valueAt(shown, 'program', 'currentVersion', 'workflow', 'routing')).toEqual([
      {
        key: 'shown',
        name: 'The rule shown',
        at: ['screening'],
        reviewerIds: [firstId],
        fallbackIds: [secondId],
        queue: null,
        when: [
          { sectorIn: ['DAMS'], countryIn: null, flaggedWith: null, answer: null },
          {
            sectorIn: null,
            countryIn: null,
            flaggedWith: null,
            answer: { path: ['purpose'], equals: 'OTHER', in: null, greaterThan: null },
          },
        ],
      },
    ]);
  });
});
