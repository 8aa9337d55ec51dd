import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, textAt, valueAt } from '../../src/demo/portal-client.js';
import { codesOf, day, listAt, Story } from '../journeys/story.js';

const fields = 'staffMember { id onDuty awayPeriods { id startsAt endsAt note setBy { name } } }';

describe('away periods', () => {
  let story: Story;
  let reviewer: PortalClient;
  let admin: PortalClient;
  let staffId: string;

  const from = (days: number) => new Date(story.desk.clock.now().getTime() + days * day).toISOString();
  const week = (start: number) => ({ startsAt: from(start), endsAt: from(start + 7) });

  beforeAll(async () => {
    story = await Story.open();
    reviewer = await story.staff('REVIEWER');
    admin = await story.staff('ADMIN');
  }, 60_000);
  afterAll(() => story.close());

  it('are set by oneself, and one is on duty until they begin', async () => {
    const coming = await reviewer.must('addAwayPeriod', { ...week(3), note: 'On a boat.' }, fields);
    staffId = textAt(coming, 'staffMember', 'id');
    expect(coming).toMatchObject({
      staffMember: {
        onDuty: true,
        awayPeriods: [{ note: 'On a boat.', setBy: { name: expect.stringMatching(/^Staff reviewer/) } }],
      },
    });
    const now = await reviewer.must('addAwayPeriod', week(0), fields);
    expect(valueAt(now, 'staffMember', 'onDuty')).toBe(false);
    // First first.
    expect(listAt(now, 'staffMember', 'awayPeriods').map((one) => valueAt(one, 'note'))).toEqual([null, 'On a boat.']);
  });

  it('are taken back, by oneself or by an administrator, and by nobody else', async () => {
    const shown = await admin.ask('{ staff { id onDuty awayPeriods { id } } }');
    const periods = listAt(
      listAt(shown, 'staff').find((one) => valueAt(one, 'id') === staffId),
      'awayPeriods',
    ).map((one) => textAt(one, 'id'));
    const [present, coming] = periods;
    const other = await story.staff('REVIEWER', 2);
    expect(await codesOf(other, 'removeAwayPeriod', { awayPeriodId: present })).toEqual(['FORBIDDEN']);
    const left = await reviewer.must('removeAwayPeriod', { awayPeriodId: present }, fields);
    expect(left).toMatchObject({ staffMember: { onDuty: true, awayPeriods: [{ id: coming }] } });
    const none = await admin.must('removeAwayPeriod', { awayPeriodId: coming }, fields);
    expect(none).toMatchObject({ staffMember: { awayPeriods: [] } });
    expect(await codesOf(admin, 'removeAwayPeriod', { awayPeriodId: coming })).toEqual(['NOT_ALLOWED_NOW']);
  });

  it('are set for others by administrators only', async () => {
    const other = await story.staff('REVIEWER', 2);
    expect(await codesOf(other, 'addAwayPeriod', { ...week(0), staffId })).toEqual(['FORBIDDEN']);
    const set = await admin.must('addAwayPeriod', { ...week(0), staffId }, fields);
    expect(set).toMatchObject({ staffMember: { id: staffId, onDuty: false } });
  });

  it('are refused when they make no sense, and when there are too many', async () => {
    expect(await codesOf(reviewer, 'addAwayPeriod', { startsAt: from(2), endsAt: from(1) })).toEqual(['INVALID']);
    expect(await codesOf(reviewer, 'addAwayPeriod', { startsAt: from(-9), endsAt: from(-1) })).toEqual(['INVALID']);
    expect(await codesOf(reviewer, 'addAwayPeriod', { startsAt: from(0), endsAt: from(400) })).toEqual(['INVALID']);
    const decider = await story.staff('DECIDER');
    for (let count = 0; count < 50; count += 1) await decider.must('addAwayPeriod', week(count));
    expect(await codesOf(decider, 'addAwayPeriod', week(60))).toEqual(['LIMIT_REACHED']);
  });

  it('are nothing for partners', async () => {
    const person = await story.desk.person('Pia Partner');
    expect(await codesOf(person, 'addAwayPeriod', week(0))).toEqual(['FORBIDDEN']);
  });
});
