import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PortalClient, valueAt } from '../../src/demo/portal-client.js';
import { chargedTime } from '../../src/lifecycle/working-time.js';
import { decodeId, encodeId } from '../../src/platform/ids.js';
import { sampleProgram } from '../../src/programs/sample-program.js';
import { openTestPortal, type TestPortal } from '../support/portal.js';
import { Records } from './records.js';

const { workflow } = sampleProgram.version;
/** Nine to five in Amsterdam, with an hour for lunch. */
const calendar = {
  timeZone: 'Europe/Amsterdam',
  hours: (['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] as const).flatMap((day) => [
    { day, from: '09:00', to: '12:00' },
    { day, from: '13:00', to: '17:00' },
  ]),
  holidays: [{ date: '2025-04-28', name: 'King’s Day, moved' }],
};
const hour = 3600;
const year = 'period: { from: "2025-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }';
const spread = '{ medianSeconds percentileNinetySeconds longestSeconds }';

describe('figures on applications', () => {
  let desk: TestPortal;
  let records: Records;
  let programId: string;
  let auditor: PortalClient;

  beforeAll(async () => {
    desk = await openTestPortal();
    records = new Records(desk.database);
    const version = { ...sampleProgram.version, workflow: { ...workflow, calendar } };
    programId = encodeId('program', await desk.program({ code: 'nine-to-five', version }));
    auditor = await desk.staff('AUDITOR');
  });
  afterAll(() => desk.close());

  const ask = async (fields: string, client = auditor, of = programId) =>
    valueAt(await client.ask(`{ reports(programId: "${of}") { ${fields} } }`), 'reports') as Record<string, unknown>;

  it('are empty where nothing happened', async () => {
    const fields = `throughput(${year}) { startsOn } backlog { open } ages { open } stageTimes(${year}) { applications }
      serviceLevels(${year}) { kept } provisioningTimes(${year}) { grants } approvalRates(${year}, by: SECTOR) { key } refusalReasons(${year}) { reason }`;
    expect(await ask(fields)).toEqual({
      throughput: [],
      backlog: [],
      ages: [],
      stageTimes: [],
      serviceLevels: [],
      provisioningTimes: [],
      approvalRates: [],
      refusalReasons: [],
    });
  });

  describe('of a year', () => {
    let reviewer: string;

    beforeAll(async () => {
      reviewer = await records.person('Rita Reviewer');
      const energy = await records.organization('Energy Works');
      const water = await records.organization('Water Works', 'WATER_AND_WASTEWATER', 'BE');
      // Wednesday to Monday over a weekend, paused for a day.
      await records.application({
        programId,
        organizationId: energy,
        status: 'APPROVED',
        stays: [
          {
            stageKey: 'intake',
            from: '2025-03-05T09:00:00Z',
            to: '2025-03-05T11:00:00Z',
            dueAt: '2025-03-05T12:00:00Z',
          },
          {
            stageKey: 'screening',
            from: '2025-03-05T11:00:00Z',
            to: '2025-03-06T08:00:00Z',
            dueAt: '2025-03-07T12:00:00Z',
          },
          { stageKey: 'screening', kind: 'PAUSED', from: '2025-03-06T08:00:00Z', to: '2025-03-07T08:00:00Z' },
          {
            stageKey: 'screening',
            from: '2025-03-07T08:00:00Z',
            to: '2025-03-10T16:00:00Z',
            dueAt: '2025-03-10T12:00:00Z',
            decisionDueAt: '2025-04-01T00:00:00Z',
          },
        ],
        decision: { outcome: 'APPROVE', at: '2025-03-10T16:00:00Z', reviewers: [reviewer] },
      });
      // Submitted late in the evening of March 31 in UTC, which is April in Amsterdam.
      await records.application({
        programId,
        organizationId: water,
        status: 'REFUSED',
        stays: [
          {
            stageKey: 'intake',
            from: '2025-03-31T22:30:00Z',
            to: '2025-04-01T09:00:00Z',
            dueAt: '2025-04-01T08:00:00Z',
          },
          {
            stageKey: 'screening',
            from: '2025-04-01T09:00:00Z',
            to: '2025-04-02T09:00:00Z',
            dueAt: '2025-04-03T09:00:00Z',
            decisionDueAt: '2025-04-02T08:00:00Z',
          },
        ],
        decision: {
          outcome: 'REFUSE',
          at: '2025-04-02T09:00:00Z',
          reasons: ['No end use.', 'Sanctions.'],
          reviewers: [reviewer],
        },
      });
      await records.application({
        programId,
        organizationId: water,
        status: 'REFUSED',
        stays: [{ stageKey: 'intake', from: '2025-05-01T09:00:00Z', to: '2025-05-02T09:00:00Z' }],
        decision: { outcome: 'REFUSE', at: '2025-05-02T09:00:00Z', reasons: ['No end use.'] },
      });
      await records.application({
        programId,
        organizationId: energy,
        status: 'WITHDRAWN',
        stays: [{ stageKey: 'intake', from: '2025-05-05T09:00:00Z', to: '2025-05-09T09:00:00Z' }],
        withdrawnAt: '2025-05-09T09:00:00Z',
      });
      await records.application({
        programId,
        organizationId: energy,
        status: 'IN_REVIEW',
        stageKey: 'screening',
        stays: [
          { stageKey: 'intake', from: '2025-06-02T07:00:00Z', to: '2025-06-03T07:00:00Z' },
          { stageKey: 'screening', from: '2025-06-03T07:00:00Z', dueAt: '2025-06-05T07:00:00Z' },
        ],
      });
    });

    it('tell by month, in the program’s time zone, what came in and what was settled', async () => {
      const { throughput } = await ask(
        `throughput(${year}) { program { programId code } startsOn submitted approved approvedWithConditions refused decidedOnAppeal withdrawn returnedWithoutAction }`,
      );
      const month = (startsOn: string, counts: object) => ({
        program: { programId, code: 'nine-to-five' },
        startsOn,
        submitted: 0,
        approved: 0,
        approvedWithConditions: 0,
        refused: 0,
        decidedOnAppeal: 0,
        withdrawn: 0,
        returnedWithoutAction: 0,
        ...counts,
      });
      expect(throughput).toEqual([
        month('2025-03-01', { submitted: 1, approved: 1 }),
        month('2025-04-01', { submitted: 1, refused: 1 }),
        month('2025-05-01', { submitted: 2, refused: 1, withdrawn: 1 }),
        month('2025-06-01', { submitted: 1 }),
      ]);
    });

    it('tell by week and by day, and leave out the end of the period', async () => {
      const period = 'period: { from: "2025-03-05T09:00:00Z", to: "2025-03-31T22:30:00Z" }';
      const { week, day } = await ask(
        `week: throughput(${period}, by: WEEK) { startsOn submitted approved } day: throughput(${period}, by: DAY) { startsOn submitted }`,
      );
      expect(week).toEqual([
        { startsOn: '2025-03-03', submitted: 1, approved: 0 },
        { startsOn: '2025-03-10', submitted: 0, approved: 1 },
      ]);
      expect(day).toEqual([
        { startsOn: '2025-03-05', submitted: 1 },
        { startsOn: '2025-03-10', submitted: 0 },
      ]);
    });

    it('tell what was open at any moment, where, and how old it was', async () => {
      const fields = 'stage { key name } open withStaff withPartner overdue oldestSince';
      const at = (moment: string) => `at: "${moment}"`;
      const { paused, late, before, ages } = await ask(`
        paused: backlog(${at('2025-03-06T12:00:00Z')}) { ${fields} }
        late: backlog(${at('2025-06-05T08:00:00Z')}) { ${fields} }
        before: backlog(${at('2025-03-05T08:59:59Z')}) { open }
        ages(${at('2025-06-04T07:00:00Z')}) { open calendar ${spread} charged ${spread} }`);
      const screening = { key: 'screening', name: 'Screening' };
      expect(paused).toEqual([
        {
          stage: screening,
          open: 1,
          withStaff: 0,
          withPartner: 1,
          overdue: 0,
          oldestSince: '2025-03-05T09:00:00.000Z',
        },
      ]);
      expect(late).toEqual([
        {
          stage: screening,
          open: 1,
          withStaff: 1,
          withPartner: 0,
          overdue: 1,
          oldestSince: '2025-06-02T07:00:00.000Z',
        },
      ]);
      expect(before).toEqual([]);
      const same = (seconds: number) => ({
        medianSeconds: seconds,
        percentileNinetySeconds: seconds,
        longestSeconds: seconds,
      });
      expect(ages).toEqual([{ open: 1, calendar: same(48 * hour), charged: same(14 * hour) }]);
    });

    it('tell how long stages took, in working time and by the calendar', async () => {
      const { stageTimes } = await ask(
        `stageTimes(${year}) { stage { key } applications charged ${spread} calendar ${spread} paused ${spread} }`,
      );
      const screenings = (stageTimes as { stage: { key: string } }[]).filter(({ stage }) => stage.key === 'screening');
      // Of two. One worked 4 hours, 7 on Friday and 7 on Monday, and waited for a day; the other worked 5 hours and 2.
      expect(screenings).toEqual([
        {
          stage: { key: 'screening' },
          applications: 2,
          charged: { medianSeconds: 12.5 * hour, percentileNinetySeconds: 60_840, longestSeconds: 18 * hour },
          calendar: { medianSeconds: 74.5 * hour, percentileNinetySeconds: 114.9 * hour, longestSeconds: 125 * hour },
          paused: { medianSeconds: 12 * hour, percentileNinetySeconds: 21.6 * hour, longestSeconds: 24 * hour },
        },
      ]);
      const intake = (stageTimes as { stage: { key: string }; applications: number }[]).find(
        ({ stage }) => stage.key === 'intake',
      );
      // What was withdrawn there never went on from there.
      expect(intake?.applications).toBe(4);
    });

    it('tell how often it was done in time, by what was due then', async () => {
      const { serviceLevels } = await ask(`serviceLevels(${year}) { stage { key } kept missed keptShare }`);
      expect(serviceLevels).toEqual([
        { stage: null, kept: 1, missed: 1, keptShare: 0.5 },
        { stage: { key: 'intake' }, kept: 1, missed: 1, keptShare: 0.5 },
        { stage: { key: 'screening' }, kept: 1, missed: 1, keptShare: 0.5 },
      ]);
    });

    it('tell how often applications were approved, by whom and of whom', async () => {
      const fields = '{ key name decided approved approvedWithConditions refused approvalShare }';
      const rates = await ask(`
        sector: approvalRates(${year}, by: SECTOR) ${fields} country: approvalRates(${year}, by: COUNTRY) ${fields}
        program: approvalRates(${year}, by: PROGRAM) ${fields} reviewer: approvalRates(${year}, by: REVIEWER) ${fields}`);
      const rate = (key: string, name: string, approved: number, refused: number) => ({
        key,
        name,
        decided: approved + refused,
        approved,
        approvedWithConditions: 0,
        refused,
        approvalShare: approved / (approved + refused),
      });
      expect(rates).toEqual({
        sector: [rate('WATER_AND_WASTEWATER', 'WATER_AND_WASTEWATER', 0, 2), rate('ENERGY', 'ENERGY', 1, 0)],
        country: [rate('BE', 'BE', 0, 2), rate('NL', 'NL', 1, 0)],
        program: [rate(programId, sampleProgram.name, 1, 2)],
        reviewer: [rate(encodeId('person', reviewer), 'Rita Reviewer', 1, 1)],
      });
    });

    it('tell for which reasons applications were refused', async () => {
      const { refusalReasons } = await ask(`refusalReasons(${year}) { reason refusals }`);
      expect(refusalReasons).toEqual([
        { reason: 'No end use.', refusals: 2 },
        { reason: 'Sanctions.', refusals: 1 },
      ]);
    });
  });

  it('count working time as clocks do, over changes of the clock, lunch, weekends and days off', async () => {
    const organizationId = await records.organization('Random Works');
    const version = { ...sampleProgram.version, workflow: { ...workflow, calendar } };
    const other = encodeId('program', await desk.program({ code: 'by-chance', version }));
    const from = Date.UTC(2025, 2, 27);
    const expected = new Map<string, number>();
    let seed = 7;
    const chance = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let n = 0; n < 60; n += 1) {
      const startedAt = new Date(from + chance(40 * 24 * 3600) * 1000);
      const endedAt = new Date(startedAt.getTime() + chance(12 * 24 * 3600) * 1000);
      const stageKey = `place-${n}`;
      expected.set(
        stageKey,
        Math.round(chargedTime([{ kind: 'RUNNING', startedAt, endedAt }], endedAt, calendar) / 1000),
      );
      const stay = { stageKey, from: startedAt.toISOString(), to: endedAt.toISOString() };
      await records.application({ programId: other, organizationId, status: 'REFUSED', stays: [stay] });
    }
    const { stageTimes } = await ask(
      `stageTimes(${year}) { stage { key } charged { longestSeconds } }`,
      auditor,
      other,
    );
    const found = (stageTimes as { stage: { key: string }; charged: { longestSeconds: number } }[]).map(
      ({ stage, charged }) => [stage.key, charged.longestSeconds] as const,
    );
    expect(new Map(found)).toEqual(expected);
  });

  it.each([
    [
      'throughput(period: { from: "2025-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z" }) { startsOn }',
      /later than `from`/,
    ],
    [
      'stageTimes(period: { from: "2020-01-01T00:00:00Z", to: "2025-01-01T00:00:01Z" }) { applications }',
      /at most 5 years/,
    ],
    ['backlog(at: "2999-01-01T00:00:00Z") { open }', /still to come/],
  ])('are refused when they cannot be told: %s', async (field, message) => {
    const { errors } = await auditor.request(`{ reports { ${field} } }`);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
    expect(errors[0]?.extensions?.code).toBe('INVALID');
  });

  it('leave out organizations that whoever asks belongs to', async () => {
    const insider = await desk.person('Ines Insider');
    const admin = await desk.staff('ADMIN');
    await admin.must('addStaff', {
      email: 'ines.insider@partner.example.org',
      name: 'Ines Insider',
      roles: ['AUDITOR'],
    });
    const made = await insider.must(
      'createOrganization',
      {
        legalName: 'Inside Works',
        country: 'LU',
        sector: 'ENERGY',
        website: 'https://www.example.org',
        registrationNumber: 'LU-1',
      },
      'organization { id }',
    );
    const organizationId = decodeId('organization', String(valueAt(made, 'organization', 'id')));
    await records.application({
      programId,
      organizationId,
      status: 'APPROVED',
      stays: [{ stageKey: 'intake', from: '2025-07-01T09:00:00Z', to: '2025-07-02T09:00:00Z' }],
      decision: { outcome: 'APPROVE', at: '2025-07-02T09:00:00Z' },
    });
    const rates = async (client: PortalClient) =>
      ((await ask(`approvalRates(${year}, by: COUNTRY) { key }`, client)).approvalRates as { key: string }[]).map(
        ({ key }) => key,
      );
    expect(await rates(auditor)).toContain('LU');
    expect(await rates(insider)).not.toContain('LU');
  });
});
