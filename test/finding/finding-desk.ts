import { sql } from 'kysely';
import { type Fields, type PortalClient, textAt } from '../../src/demo/portal-client.js';
import { decodeId } from '../../src/platform/ids.js';
import { listAt } from '../journeys/story.js';
import { copyRows } from '../support/copied-rows.js';
import type { TestPortal } from '../support/portal.js';

/** The ids that a list of applications answers, in its order. */
export async function idsFound(client: PortalClient, args: Fields, read = 'applications'): Promise<readonly string[]> {
  const query = `query ($filter: ApplicationFilterInput, $search: String, $sort: ApplicationSort, $first: Int) {
    ${read}(filter: $filter, search: $search, sort: $sort, first: $first) { nodes { id } } }`;
  return listAt(await client.ask(query, args), read, 'nodes').map((node) => textAt(node, 'id'));
}

/** The code and the path that a list is refused with. */
export async function refusalOf(client: PortalClient, args: Fields): Promise<readonly unknown[]> {
  const query = `query ($filter: ApplicationFilterInput, $search: String, $sort: ApplicationSort) {
    applications(filter: $filter, search: $search, sort: $sort) { nodes { id } } }`;
  const { errors } = await client.request(query, args);
  return errors.map(({ extensions }) => [extensions?.code, extensions?.path]);
}

/** Makes refused applications like this one straight in the database, each submitted a minute after the one before. */
export async function multiply(desk: TestPortal, applicationId: string, times: number): Promise<void> {
  const source = decodeId('application', applicationId);
  const columns = {
    id: sql`overlay(r.id::text placing lpad(to_hex(n), 12, '0') from 25)`,
    reference: sql`'B-2026-' || lpad(n::text, 6, '0')`,
    status: sql`'REFUSED'`,
    queue: sql`null`,
    due_at: sql`null`,
    assignee_id: sql`null`,
    submitted_at: sql`r.submitted_at + n * interval '1 minute'`,
    updated_at: sql`r.updated_at + (n / 7) * interval '1 minute'`,
  };
  const beside = sql`generate_series(1, ${times}::int) as n`;
  await copyRows('application', { columns, beside, where: sql`r.id = ${source}` }).execute(desk.database.kysely());
}

/** Counts the statements that the database is asked, from one moment to the next. */
export function countStatements({ database }: TestPortal): { readonly since: () => number } {
  let asked = 0;
  const executor = database.kysely().getExecutor();
  const [answer, executeQuery] = [database.answer, executor.executeQuery.bind(executor)];
  // On a server, answers go past Kysely.
  if (database.kind === 'postgresql') {
    Object.assign(database, {
      answer: (...args: Parameters<typeof answer>) => {
        asked += 1;
        return answer(...args);
      },
    });
  }
  Object.assign(executor, {
    executeQuery: (...args: Parameters<typeof executeQuery>) => {
      asked += 1;
      return executeQuery(...args);
    },
  });
  return {
    since: () => {
      const counted = asked;
      asked = 0;
      return counted;
    },
  };
}
