import { setTimeout as pause } from 'node:timers/promises';
import { Connection, requestBytes } from './load/connection.js';
import { requireSuccess } from './load/drive.js';
import { median } from './report/measurement.js';
import type { ServerProcess } from './servers/server-process.js';
import { freePort, startEmbedded, temporaryFolder } from './servers/start.js';

/** How long to wait before a port that is not there yet is tried again, in milliseconds. */
const tryAgainMs = 5;

/** How often a run of everything times a start: the pace of a machine may change from one second to the next. */
export const severalStarts = 5;

/** How long a start takes, in milliseconds: the median of several, of which the last server is left running. */
export async function timeStarts(
  times: number,
  start: (port: number) => Promise<ServerProcess>,
  request: Buffer,
): Promise<{ readonly server: ServerProcess; readonly milliseconds: number }> {
  const taken: number[] = [];
  for (;;) {
    const { server, milliseconds } = await timeToFirstAnswer(start, request);
    taken.push(milliseconds);
    if (taken.length === times) return { server, milliseconds: median(taken) };
    await server.stop();
  }
}

/**
 * Starts a server and asks it the same until it answers.
 * @param start starts it on that port
 * @returns the server, and how long it took from its start to the first answer, in milliseconds
 */
async function timeToFirstAnswer(
  start: (port: number) => Promise<ServerProcess>,
  request: Buffer,
): Promise<{ readonly server: ServerProcess; readonly milliseconds: number }> {
  const port = await freePort();
  const ended = new AbortController();
  const began = performance.now();
  const starting = start(port);
  starting.catch(() => ended.abort());
  const answered = firstAnswer(port, request, ended.signal).then(() => performance.now() - began);
  const [server, milliseconds] = await Promise.all([starting, answered]);
  return { server, milliseconds };
}

async function firstAnswer(port: number, request: Buffer, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const connection = await Connection.open(port).catch(() => null);
    if (!connection) {
      await pause(tryAgainMs);
      continue;
    }
    requireSuccess(await connection.ask(request), request);
    return connection.close();
  }
}

/**
 * The same for the portal on its embedded database, with the data of an earlier start, in milliseconds. That start is not
 * measured: it makes the database.
 */
export async function timeEmbeddedStarts(leftovers: AsyncDisposableStack): Promise<number> {
  const folder = temporaryFolder(leftovers);
  const start = (port: number) => startEmbedded(port, folder, leftovers);
  const request = requestBytes({ path: '/graphql', token: null, body: { query: '{ viewer { kind } }' } });
  const first = await timeToFirstAnswer(start, request);
  await first.server.stop();
  const { server, milliseconds } = await timeStarts(severalStarts, start, request);
  await server.stop();
  return milliseconds;
}
