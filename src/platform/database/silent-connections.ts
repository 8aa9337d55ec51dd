import { Socket } from 'node:net';
import { Client, type Pool } from 'pg';

/**
 * Ends connections on which a question has had no answer for so long, in milliseconds: whoever asked is told that the
 * database does not answer, and the pool opens another. One timer for a connection, which the socket has anyway, in
 * place of pg's `query_timeout`: its timer for each query kept the answers from being collected while they are young,
 * and that took a sixth of a process's time.
 */
export function endSilentConnections(pool: Pool, silentMs: number): void {
  pool.on('connect', (client) => {
    const stream = client instanceof Client ? client.connection.stream : null;
    if (!(stream instanceof Socket)) return;
    stream.setTimeout(silentMs);
    stream.on('timeout', () => {
      const isAsked = 'readyForQuery' in client && client.readyForQuery === false;
      if (isAsked) stream.destroy(new Error(`The database has not answered for ${silentMs} ms.`));
    });
  });
}
