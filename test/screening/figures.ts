import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import { Client } from 'pg';
import { readConfig } from '../../src/config.js';
import { openDatabase } from '../../src/open-database.js';
import { migrateUp } from '../../src/platform/database/migrations.js';
import { randomIds } from '../../src/platform/ids.js';
import { createLog } from '../../src/platform/logging.js';
import { assembleParts } from '../../src/portal-parts.js';
import { registerQueues } from '../../src/portal-queues.js';
import { importList } from '../../src/screening/list-import.js';
import { organizationsToScreen } from '../../src/screening/standing.queries.js';
import { Chance } from './chance.js';
import { openSanctionsText, writeList } from './list-files.js';
import { madeUpName } from './made-up-names.js';

/**
 * How long screening takes: `npm run figures:screening`. On the server that TEST_DATABASE_URL names, in a database that
 * is made for it and dropped afterwards; otherwise on an embedded one.
 */
const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '20000' },
    organizations: { type: 'string', default: '2000' },
  },
});
const [entries, organizations] = [Number(values.entries), Number(values.organizations)];

const bySystem = {
  actor: { kind: 'SYSTEM', name: 'figures' },
  requestId: 'figures',
  ipAddress: null,
  idempotencyKey: null,
} as const;
const folder = mkdtempSync(join(tmpdir(), 'sallyport-figures-'));
const server = process.env.TEST_DATABASE_URL;
const name = `sallyport_figures_${process.pid}`;

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

async function main(): Promise<void> {
  const address = server && Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const config = readConfig({
    DATA_DIR: folder,
    SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    ...(address ? { DATABASE_URL: address } : {}),
  });
  const log = createLog({ level: 'silent', format: 'json' });
  const database = await openDatabase(config, log, 0);
  await migrateUp(database);
  const parts = await assembleParts(config, { log, database });
  const { doorway, screener, jobs } = parts;
  registerQueues(parts);
  await jobs.start({ work: false });
  const chance = new Chance(1);
  const list = Array.from({ length: entries }, (_none, place) => ({ id: `e${place}`, ...madeUpName(chance) }));
  const file = writeList(
    folder,
    'list.csv',
    openSanctionsText(
      list.map(({ id, kind, printed, otherwise, country }) => ({
        id,
        kind,
        name: printed,
        aliases: otherwise,
        countries: [country],
      })),
    ),
  );
  await seedOrganizations(chance);

  say(`${database.description}, ${entries} entries, ${organizations} organizations with one member each`);
  await timed('import of the list', () =>
    importList(
      { doorway, database },
      { file, code: 'figures', format: 'OPENSANCTIONS', listedAt: null, acceptRemovals: false },
      bySystem,
    ),
  );
  await sql`analyze`.execute(database.kysely());
  const all = await organizationsToScreen(database.kysely(), organizations);
  const times: number[] = [];
  const began = performance.now();
  for (const id of all) {
    const from = performance.now();
    await screener.screen(id, 'CATCH_UP', bySystem);
    times.push(performance.now() - from);
  }
  times.sort((one, other) => one - other);
  say(
    `screening of one organization: ${times[Math.floor(times.length / 2)]?.toFixed(1)} ms in the middle, ${times[Math.floor(times.length * 0.95)]?.toFixed(1)} ms for 95 of 100`,
  );
  say(`screening of all of them: ${((performance.now() - began) / 1000).toFixed(1)} s`);
  await jobs.stop(1_000);
  await database.close();

  async function seedOrganizations(from: Chance): Promise<void> {
    const rows = Array.from({ length: organizations }, (_none, place) => ({
      organization: randomIds.next(),
      person: randomIds.next(),
      membership: randomIds.next(),
      legal_name: nameOf('ORGANIZATION', from),
      name: nameOf('PERSON', from),
      email: `member${place}@partner.example.org`,
      number: `NL-${place}`,
    }));
    const given = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (organization uuid, person uuid, membership uuid,
      legal_name text, name text, email text, number text)`;
    await sql`insert into auth_user (id, name, email, email_verified, created_at, updated_at)
      select person, name, email, true, now(), now() from ${given}`.execute(database.kysely());
    await sql`insert into organization (id, legal_name, country, sector, website, registration_number, created_by, created_at, updated_at)
      select organization, legal_name, 'NL', 'ENERGY', 'https://www.example.org/', number, person, now(), now() from ${given}`.execute(
      database.kysely(),
    );
    await sql`insert into membership (id, organization_id, user_id, role, created_at, updated_at)
      select membership, organization, person, 'OWNER', now(), now() from ${given}`.execute(database.kysely());
  }
}

function nameOf(kind: string, chance: Chance): string {
  for (;;) {
    const made = madeUpName(chance);
    if (made.kind === kind) return made.printed;
  }
}

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await work();
  say(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

if (server) await onServer(`create database ${name}`);
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
  if (server) await onServer(`drop database if exists ${name} with (force)`);
}
