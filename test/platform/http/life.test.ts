import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { afterAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Refusal } from '../../../src/platform/errors.js';
import { createHttpServer } from '../../../src/platform/http/server.js';
import { closeAll, serve, signal, testSchema } from './served.js';

afterAll(closeAll);

const json = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
};

/** A server whose `hello` waits until it is told to go on. */
async function serveSlowly() {
  const begun = signal();
  const goOn = signal();
  const hello = async () => {
    begun.send();
    await goOn.promise;
    return 'done';
  };
  return { begun: begun.promise, goOn: goOn.send, served: await serve({ schema: testSchema({ hello }) }) };
}

describe('/livez', () => {
  it('says ok without touching anything', async () => {
    const served = await serve({
      ready: async () => {
        throw new Error('touched');
      },
    });
    expect(await json(`${served.url}/livez`)).toEqual({ status: 200, body: { status: 'ok' } });
  });
});

it('probes need no Host header', async () => {
  const served = await serve();
  const { hostname, port } = new URL(served.url);
  const socket = connect(Number(port), hostname, () => socket.write('GET /livez HTTP/1.0\r\n\r\n'));
  let received = '';
  for await (const chunk of socket) received += chunk;
  expect(received).toMatch('HTTP/1.1 200 OK');
});

describe('/readyz', () => {
  it('says ok when every check passes', async () => {
    const served = await serve({ ready: async () => [{ name: 'database', problem: null }] });
    expect(await json(`${served.url}/readyz`)).toEqual({
      status: 200,
      body: { status: 'ok', checks: [{ name: 'database', ok: true }] },
    });
  });

  it('names the check that fails, and tells the reason to the log only, once', async () => {
    let problem: string | null = 'connect ECONNREFUSED 10.0.0.9';
    const served = await serve({
      ready: async () => [
        { name: 'database', problem },
        { name: 'storage', problem: null },
      ],
    });
    for (let n = 0; n < 3; n += 1) {
      expect(await json(`${served.url}/readyz`)).toEqual({
        status: 503,
        body: {
          status: 'unavailable',
          checks: [
            { name: 'database', ok: false },
            { name: 'storage', ok: true },
          ],
        },
      });
    }
    expect(served.lines.filter((line) => String(line.msg).startsWith('Not ready'))).toHaveLength(1);
    problem = null;
    expect((await json(`${served.url}/readyz`)).status).toBe(200);
    await served.line({ msg: 'Ready again' });
  });

  it('names what fails and can be done without, and stays ready', async () => {
    const served = await serve({
      ready: async () => [
        { name: 'database', problem: null },
        { name: 'replica', problem: 'it is 12 s behind or more', isDispensable: true },
      ],
    });
    expect(await json(`${served.url}/readyz`)).toEqual({
      status: 200,
      body: {
        status: 'ok',
        checks: [
          { name: 'database', ok: true },
          { name: 'replica', ok: false },
        ],
      },
    });
    expect(served.lines.filter((line) => String(line.msg).startsWith('Not ready'))).toEqual([]);
  });

  it('says 503 when checking itself fails', async () => {
    const served = await serve({ ready: () => Promise.reject(new Error('hidden')) });
    expect(await json(`${served.url}/readyz`)).toEqual({
      status: 503,
      body: { status: 'unavailable', checks: [{ name: 'checks', ok: false }] },
    });
  });
});

describe('draining', () => {
  it('says so on /readyz, still answers, and ends connections with their answer', async () => {
    const served = await serve();
    expect((await served.query('{ hello }')).headers.get('connection')).toBe('keep-alive');
    served.server.drain();
    expect(await json(`${served.url}/readyz`)).toEqual({ status: 503, body: { status: 'draining', checks: [] } });
    expect((await json(`${served.url}/livez`)).status).toBe(200);
    const answer = await served.query('{ hello }');
    expect(answer.data).toEqual({ hello: 'world' });
    expect(answer.headers.get('connection')).toBe('close');
  });
});

describe('closing', () => {
  it('finishes the request under way and refuses new ones', async () => {
    const { served, begun, goOn } = await serveSlowly();
    const underWay = served.query('{ hello }');
    await begun;
    const closed = served.server.close(10_000);
    await expect(served.query('{ color }')).rejects.toThrow('fetch failed');
    goOn();
    const answer = await underWay;
    expect(answer.data).toEqual({ hello: 'done' });
    expect(answer.headers.get('connection')).toBe('close');
    await closed;
  });

  it('refuses with 503 a request that was still on its way', async () => {
    const served = await serve();
    const { hostname, port } = new URL(served.url);
    const socket = connect(Number(port), hostname, () => socket.write('POST /graphql HTTP/1.1\r\nhost: a\r\n'));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await new Promise((resolve) => socket.once('connect', resolve));
    await served.query('{ hello }');
    const closed = served.server.close(10_000);
    socket.write('content-type: application/json\r\ncontent-length: 2\r\n\r\n{}');
    await Promise.all([ended, closed]);
    expect(received).toMatch('HTTP/1.1 503 ');
    expect(received).toMatch('The portal is stopping; nothing was done.');
  });

  it('cuts off what is left when the time is up', async () => {
    const { served, begun } = await serveSlowly();
    const underWay = served.query('{ hello }');
    const refused = expect(underWay).rejects.toThrow();
    await begun;
    await served.server.close(50);
    await refused;
  });

  it('does not wait for connections that ask nothing', async () => {
    const served = await serve();
    const agent = new Agent({ keepAlive: true });
    await new Promise<void>((resolve) => {
      get(`${served.url}/livez`, { agent }, (response) => response.resume().once('end', resolve));
    });
    const began = performance.now();
    await served.server.close(10_000);
    expect(performance.now() - began).toBeLessThan(5_000);
    agent.destroy();
  });
});

describe('listening', () => {
  it('says plainly when the port is taken', async () => {
    const first = await serve();
    const second = await createHttpServer({
      schema: testSchema(),
      contextOf: async () => ({}),
      ready: async () => [],
      log: pino({ level: 'silent' }),
      publicUrl: 'http://localhost',
      allowedOrigins: [],
      trustedProxies: 0,
      introspection: false,
      page: false,
    });
    const port = Number(new URL(first.url).port);
    const error = await second.listen({ host: '127.0.0.1', port }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refusal);
    expect(error).toMatchObject({ code: 'INVALID', message: expect.stringContaining(`Port ${port} on 127.0.0.1`) });
    await second.close(0);
  });
});
