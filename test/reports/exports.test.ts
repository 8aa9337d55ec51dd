import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { registerOrganization } from '../../src/demo/applying.js';
import { textAt } from '../../src/demo/portal-client.js';
import { encodeId } from '../../src/platform/ids.js';
import { eventually } from '../journeys/story.js';
import { openTestPortal, type TestPortal } from '../support/portal.js';
import { countLines, download } from './download.js';
import { Records } from './records.js';
import { ServedPortal } from './served.js';

const year = 'from=2025-01-01&to=2026-01-01';
const files = ['applications', 'throughput', 'stage-times', 'service-levels', 'refusal-reasons'];

describe('reports as files', () => {
  let desk: TestPortal;
  let records: Records;
  let programId: string;
  let organizationId: string;
  let key: string;
  let partnerKey: string;

  beforeAll(async () => {
    desk = await openTestPortal();
    records = new Records(desk.database);
    programId = encodeId('program', await desk.program({ code: 'exported' }));
    const admin = await desk.staff('ADMIN');
    key = textAt(await admin.must('createApiKey', { name: 'Reports', scopes: ['READ'] }, 'key'), 'key');
    const owner = await desk.person('Olga Owner');
    const own = await registerOrganization(owner, 'Own Works', 'NL-1');
    partnerKey = textAt(
      await owner.must('createApiKey', { name: 'Own', scopes: ['READ'], organizationId: own }, 'key'),
      'key',
    );
    organizationId = await records.organization('=HYPERLINK("https://evil.example","Ærø, see")');
    await records.application({
      programId,
      organizationId,
      status: 'REFUSED',
      stays: [
        { stageKey: 'intake', from: '2025-03-05T09:00:00Z', to: '2025-03-05T11:00:00Z' },
        { stageKey: 'screening', kind: 'PAUSED', from: '2025-03-05T11:00:00Z', to: '2025-03-05T12:30:00Z' },
      ],
      decision: { outcome: 'REFUSE', at: '2025-03-05T12:30:00Z', reasons: ['+1 too many'] },
    });
  });
  afterAll(() => desk.close());

  const ask = (path: string, credential: string | null = key, headers: Record<string, string> = {}) =>
    fetch(`${desk.url}/reports/${path}`, {
      headers: { ...(credential ? { authorization: `Bearer ${credential}` } : {}), ...headers },
    });
  const refused = async (response: Response) => {
    const body = (await response.json()) as { errors: { extensions: { code: string }; message: string }[] };
    return [response.status, body.errors[0]?.extensions.code, body.errors[0]?.message];
  };
  const exports = async () => {
    const found = await sql<{ payload: string; actor_kind: string }>`select payload, actor_kind from audit_record
      where event = 'report.exported' order by sequence`.execute(desk.database.kysely());
    return found.rows.map(({ payload, actor_kind }) => ({ ...JSON.parse(payload), by: actor_kind }));
  };
  /** Connections or cursors that a reading of a report holds. */
  const readings = async () => {
    const found = await sql<{ held: number }>`${
      desk.database.kind === 'postgresql'
        ? sql`select count(*)::int as held from pg_stat_activity where datname = current_database()
            and pid <> pg_backend_pid() and (state = 'idle in transaction' or (state = 'active' and query like 'fetch%'))`
        : sql`select count(*)::int as held from pg_cursors where name like 'report%'`
    }`.execute(desk.database.kysely());
    return found.rows[0]?.held;
  };

  it('are CSV that a spreadsheet opens, in which nothing is a formula', async () => {
    const response = await ask(`applications.csv?${year}&program=exported`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="sallyport-applications-2025-01-01-to-2026-01-01.csv"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const columns =
      'reference,program,organization,country,sector,status,stage,submitted_at_utc,decided_at_utc,outcome,appealed_at_utc';
    expect(bytes.subarray(3).toString().split('\r\n')).toEqual([
      [...columns.split(','), 'charged_hours', 'calendar_hours', 'paused_hours'].map((name) => `"${name}"`).join(','),
      expect.stringMatching(
        /^"R-\d+","exported","'=HYPERLINK\(""https:\/\/evil\.example"",""Ærø, see""\)","NL","ENERGY","REFUSED",,"2025-03-05 09:00:00","2025-03-05 12:30:00","REFUSE",,2,3\.5,1\.5$/,
      ),
      '',
    ]);
    const reasons = await (await ask(`refusal-reasons.csv?${year}&program=${programId}`)).text();
    expect(reasons.split('\r\n')[1]).toBe(`"exported","'+1 too many",1,,`);
  });

  it('are there for each report', async () => {
    const paths = [
      ...files.map((name) => `${name}.csv?${year}`),
      `throughput.csv?${year}&by=week`,
      ...['SECTOR', 'COUNTRY', 'PROGRAM', 'reviewer'].map((by) => `approval-rates.csv?${year}&by=${by}`),
      'backlog.csv',
      'backlog.csv?at=2025-03-05T12:00:00Z',
      'ages.csv?at=2025-03-05T10:00:00Z&program=exported',
    ];
    const lines: Record<string, number> = {};
    for (const path of paths) {
      const response = await ask(path);
      lines[`${response.status} ${path}`] = (await response.text()).split('\r\n').length - 2;
    }
    expect(lines).toEqual(
      Object.fromEntries(
        paths.map((path) => [
          `200 ${path}`,
          /service-levels|reviewer|backlog.csv$/.test(path) ? 0 : path.startsWith('stage-times') ? 2 : 1,
        ]),
      ),
    );
  });

  it('leave for those who may read them, and for nobody else', async () => {
    const sessions: Record<string, number> = {};
    for (const role of ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'] as const) {
      const { data } = await (await desk.staff(role)).request('{ reports { backlog { open } } }');
      sessions[role] = data?.reports ? 200 : 403;
    }
    expect(sessions).toEqual({
      INTAKE: 403,
      REVIEWER: 403,
      DECIDER: 403,
      PROGRAM_MANAGER: 200,
      AUDITOR: 200,
      ADMIN: 200,
    });
    const before = await exports();
    expect(await refused(await ask(`applications.csv?${year}`, null))).toEqual([
      401,
      'UNAUTHENTICATED',
      expect.anything(),
    ]);
    expect(await refused(await ask(`applications.csv?${year}`, partnerKey))).toEqual([
      403,
      'FORBIDDEN',
      expect.anything(),
    ]);
    expect(await refused(await ask(`applications.csv?${year}`, 'sk_unknown'))).toEqual([
      401,
      'UNAUTHENTICATED',
      expect.anything(),
    ]);
    expect(await exports()).toEqual(before);
  });

  it('are on record: who took out what', async () => {
    const before = await exports();
    const headers = { 'idempotency-key': 'again' };
    await (await ask(`stage-times.csv?${year}&program=exported`, key, headers)).text();
    await (await ask(`stage-times.csv?${year}&program=exported`, key, headers)).text();
    await (await ask('backlog.csv')).text();
    const times = {
      report: 'stage-times',
      from: '2025-01-01T00:00:00.000Z',
      to: '2026-01-01T00:00:00.000Z',
      programId,
      by: 'MACHINE',
    };
    const backlog = { report: 'backlog', from: null, to: null, programId: null, by: 'MACHINE' };
    expect((await exports()).slice(before.length)).toEqual([times, times, backlog]);
  });

  it.each([
    ['applications.csv', 'REQUIRED', /\?from=/],
    ['applications.csv?from=2025-01-01&to=2025-01-01', 'INVALID', /later than/],
    ['applications.csv?from=2019-01-01&to=2025-01-01', 'INVALID', /at most 5 years/],
    ['applications.csv?from=yesterday&to=2025-01-01', 'INVALID', /not "yesterday"/],
    ['applications.csv?from=2025-13-01&to=2026-01-01', 'INVALID', /not "2025-13-01"/],
    [`applications.csv?${year}&from=2024-01-01`, 'INVALID', /given once/],
    [`applications.csv?${year}&colour=red`, 'INVALID', /takes program, from, to, and not "colour"/],
    [`throughput.csv?${year}&by=year`, 'INVALID', /DAY, WEEK, MONTH/],
    [`approval-rates.csv?${year}`, 'REQUIRED', /by/],
    [`applications.csv?${year}&program=program_1`, 'INVALID_ID', /./],
    ['backlog.csv?at=2999-01-01', 'INVALID', /still to come/],
  ])('say what is wrong with the address: %s', async (path, code, message) => {
    expect(await refused(await ask(path))).toEqual([400, code, expect.stringMatching(message)]);
  });

  it('are of programs that there are', async () => {
    expect(await refused(await ask(`applications.csv?${year}&program=nobody-s`))).toEqual([
      404,
      'NOT_FOUND',
      expect.anything(),
    ]);
  });

  describe('of many applications', () => {
    const several = 'from=2023-01-01&to=2024-01-01&program=exported';
    const path = `/reports/applications.csv?${several}`;
    /** On a server, a process of its own is looked at; the embedded database lives in this one. */
    let served: ServedPortal | null;
    let count: number;

    beforeAll(async () => {
      const { url } = desk.database;
      count = url ? 100_000 : 60_000;
      await records.many(count, programId, organizationId, '2023-01-02T00:00:00Z');
      await sql`analyze`.execute(desk.database.kysely());
      served = url ? await ServedPortal.open(url) : null;
      // What the process needs for a report of a fifth of them, it has now: it is not to need more for all.
      const fifth = `${served?.url ?? desk.url}/reports/applications.csv?from=2023-01-01&to=2023-01-16&program=exported`;
      await countLines(await download(fifth, key));
    }, 120_000);
    afterAll(() => served?.close());

    const growthDuring = async (work: () => Promise<unknown>) => {
      if (served) return served.growthDuring(work);
      await work();
      return 0;
    };

    it('come in memory that does not grow with them', async () => {
      const started = performance.now();
      let lines = 0;
      const grown = await growthDuring(async () => {
        lines = await countLines(await download(`${served?.url ?? desk.url}${path}`, key));
      });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.info(`${count} rows in ${seconds} s; resident memory grew by ${grown.toFixed(0)} MiB`);
      expect(lines).toBe(count + 1);
      expect(grown).toBeLessThan(48);
    }, 60_000);

    it('wait for a client that does not read, without filling memory, and let go when it leaves', async () => {
      const grown = await growthDuring(async () => {
        const { request, response } = await download(`${served?.url ?? desk.url}${path}`, key);
        expect(response.statusCode).toBe(200);
        await eventually(async () => expect(await readings()).toBe(1));
        request.destroy();
        await eventually(async () => expect(await readings()).toBe(0));
      });
      expect(grown).toBeLessThan(64);
    });

    it('are two at a time', async () => {
      const open = [await download(`${desk.url}${path}`, key), await download(`${desk.url}${path}`, key)];
      const response = await ask('backlog.csv');
      expect(response.headers.get('retry-after')).toBe('10');
      expect(await refused(response)).toEqual([429, 'RATE_LIMITED', expect.anything()]);
      for (const { request } of open) request.destroy();
      await eventually(async () => {
        const later = await ask('backlog.csv');
        await later.text();
        expect(later.status).toBe(200);
      });
      await eventually(async () => expect(await readings()).toBe(0));
    });
  });
});
