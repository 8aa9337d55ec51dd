import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { sql } from 'kysely';
import { type Fields, type PortalClient, PortalRefusal } from '../../src/demo/portal-client.js';
import type { TestPortal } from '../support/portal.js';

/** Everything that commands change. Not sessions, counters, and what the jobs write about deliveries and mail. */
const tables = [
  'auth_user',
  'auth_account',
  'staff_member',
  'organization',
  'membership',
  'invitation',
  'program',
  'terms_version',
  'program_version',
  'application',
  'application_revision',
  'terms_acceptance',
  'document',
  'information_request',
  'information_question',
  'information_answer',
  'information_message',
  'due_date_extension',
  'clock_interval',
  'recommendation',
  'recusal',
  'decision',
  'access_grant',
  'named_user',
  'recertification',
  'provisioning_task',
  'audit_record',
  'audit_head',
  'timeline_event',
  'idempotency_key',
  'webhook_endpoint',
];

/** What the portal holds, as the number of rows and a digest of each table, and the files of documents. */
export async function holdings(desk: TestPortal): Promise<Fields> {
  const database = desk.database.kysely();
  const held: Record<string, unknown> = {};
  for (const table of tables) {
    const found = await sql<{ rows: string }>`select count(*) || ' rows, ' ||
      md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as rows from ${sql.table(table)} as t`.execute(
      database,
    );
    held[table] = found.rows[0]?.rows;
  }
  held.files = (await readdir(join(desk.config.dataDir, 'documents'), { recursive: true })).sort();
  return held;
}

/** Does something that must be refused, and makes sure that no row, no audit record and no file came of it. */
export async function changesNothing<T>(desk: TestPortal, work: () => Promise<T>): Promise<T> {
  const before = await holdings(desk);
  const answer = await work();
  expect(await holdings(desk)).toEqual(before);
  return answer;
}

/** Why a command was not accepted. */
export interface Complaint {
  readonly code: string;
  /** Joined by dots; undefined when the request as a whole failed. */
  readonly path?: string;
  readonly message: string;
}

/** Gives a command that must be refused and change nothing; answers why it was. */
export async function refused(
  desk: TestPortal,
  client: PortalClient,
  command: string,
  input: Fields,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly Complaint[]> {
  const complaints = await changesNothing(desk, () => complaintsOf(client, command, input, headers));
  if (complaints.length === 0) throw new Error(`${command} was accepted.`);
  return complaints;
}

async function complaintsOf(
  client: PortalClient,
  command: string,
  input: Fields,
  headers: Readonly<Record<string, string>>,
): Promise<readonly Complaint[]> {
  try {
    const { errors } = await client.command(command, input, '', headers);
    return errors.map(({ code, path, message }) => ({ code, path: path.join('.'), message }));
  } catch (error) {
    if (error instanceof PortalRefusal) return [{ code: error.code, message: error.message }];
    throw error;
  }
}

/** A complaint with this code at this path, whose message has this gist. */
export function complaint(code: string, path: string | undefined, gist: RegExp): unknown {
  return { code, ...(path === undefined ? {} : { path }), message: expect.stringMatching(gist) };
}

export interface RawRequest {
  readonly method?: string;
  readonly body?: string | Buffer<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request to the API that need not be one, as whoever has this session. */
export async function send(desk: TestPortal, session: string, { method = 'POST', body, headers = {} }: RawRequest) {
  const response = await fetch(`${desk.url}/graphql`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${session}`, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
}
