import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Pool } from 'pg';
import { endSilentConnections } from '../../../src/platform/database/silent-connections.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

/** The embedded database has no connections that could fall silent. */
const onServer = process.env.TEST_DATABASE_URL ? describe : describe.skip;

const silentMs = 300;

onServer('a server that falls silent', () => {
  let own: TestDatabase;
  let pool: Pool;
  let closeProxy: () => void;
  let isSilent = false;

  beforeAll(async () => {
    own = await openTestDatabase({ empty: true });
    const server = new URL(String(own.url));
    const at = { port: Number(server.port || 5432), host: server.hostname };
    const sockets = new Set<Socket>();
    const proxy = createServer((near) => {
      const far = connect(at);
      for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
      near.on('data', (bytes) => far.write(bytes)).once('close', () => far.destroy());
      far.on('data', (bytes) => isSilent || near.write(bytes)).once('close', () => near.destroy());
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = proxy.address();
    if (typeof address !== 'object' || !address) throw new Error('The proxy does not listen.');
    server.hostname = '127.0.0.1';
    server.port = String(address.port);
    pool = new Pool({ connectionString: server.href, max: 1 });
    pool.on('error', () => undefined);
    endSilentConnections(pool, silentMs);
    closeProxy = () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    };
  });
  afterAll(async () => {
    await pool.end();
    closeProxy();
    await own.close();
  });

  it('is not waited for longer than it may take', async () => {
    await pool.query('select 1');
    isSilent = true;
    await expect(pool.query('select 1')).rejects.toThrow(`The database has not answered for ${silentMs} ms.`);
  });

  it('is asked again over another connection', async () => {
    isSilent = false;
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('keeps a connection that nobody asks anything', async () => {
    const client = await pool.connect();
    const { rows: before } = await client.query('select pg_backend_pid()');
    const stream = client instanceof Client ? client.connection.stream : null;
    client.release();
    if (!stream) throw new Error('The pool gives something else than clients.');
    await once(stream, 'timeout');
    expect((await pool.query('select pg_backend_pid()')).rows).toEqual(before);
  });
});
