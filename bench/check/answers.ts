import { deepStrictEqual } from 'node:assert';
import type { Client } from 'pg';
import { restore } from '../dataset/restore.js';
import type { Sample } from '../dataset/sample.js';
import { Connection, requestBytes } from '../load/connection.js';
import { requireSuccess } from '../load/drive.js';
import { type Ask, callOf, type Data, hasPart, nth, type ServerName, type Workload } from '../workloads/workload.js';
import { readEffects } from './effects.js';

/** How many different questions of each kind are compared. */
const compared = 25;

export type Ports = ReadonlyMap<ServerName, number>;

/**
 * Asks every server the same and compares what they answer with what the portal answers; after a command, with what the
 * portal wrote.
 * @throws Error with the first difference: servers that do not do the same cannot be compared
 */
export async function requireSameAnswers(
  workload: Workload,
  sample: Sample,
  ports: Ports,
  client: Client,
): Promise<void> {
  const asks = workload.asks(sample);
  for (let position = 0; position < compared; position += 1) {
    const ask = nth(asks, position * 7);
    if (workload.kind === 'read') await compareReads(workload, ask, ports);
    else if (position < 2) await compareCommands(workload, ask, ports, client);
  }
}

async function compareReads(workload: Workload, ask: Ask, ports: Ports): Promise<void> {
  const expected = await answerOf(workload, 'portal', ask, ports);
  for (const server of ports.keys()) {
    if (server === 'portal' || !hasPart(workload, server)) continue;
    const data = await answerOf(workload, server, ask, ports);
    const forms = server === 'postgraphile' ? workload.postgraphile?.compared : null;
    requireSame(
      forms ? forms.postgraphile(data) : data,
      forms ? forms.portal(expected) : expected,
      `${workload.name}: ${server} and the portal answer differently to ${JSON.stringify(ask.variables)}`,
    );
  }
}

async function compareCommands(workload: Workload, ask: Ask, ports: Ports, client: Client): Promise<void> {
  const done = async (server: ServerName) => {
    await restore(client);
    const answer = await answerOf(workload, server, ask, ports);
    return { answer, effects: await readEffects(client, String(ask.rowVariables.id)) };
  };
  if (ports.has('limit')) {
    const expected = await done('portal');
    requireSame(await done('limit'), expected, `${workload.name}: the limit and the portal do different things`);
  }
  if (ports.has('postgraphile')) await done('postgraphile');
  await restore(client);
}

async function answerOf(workload: Workload, server: ServerName, ask: Ask, ports: Ports): Promise<Data> {
  const port = ports.get(server);
  if (port === undefined) throw new Error(`The server ${server} was not started.`);
  const request = requestBytes(callOf(workload, server, ask));
  const connection = await Connection.open(port);
  try {
    const answer = await connection.ask(request);
    requireSuccess(answer, request);
    const { data }: { data: Data } = JSON.parse(answer.body.toString('utf8'));
    return data;
  } finally {
    connection.close();
  }
}

function requireSame(actual: unknown, expected: unknown, message: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    throw new Error(`${message}\n${error instanceof Error ? error.message : String(error)}`);
  }
}
