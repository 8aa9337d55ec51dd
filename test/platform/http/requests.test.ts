import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOf, closeAll, type Served, serve, testSchema } from './served.js';

afterAll(closeAll);

let served: Served;
beforeAll(async () => {
  served = await serve();
});

const asJson = 'content-type: application/json\r\ncontent-length: 21\r\n\r\n{"query":"{ hello }"}';

/** Sends bytes as they are and answers with everything that comes back until the connection ends. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

describe('requests that are answered', () => {
  it('answers a query sent as JSON', async () => {
    const answer = await served.query('{ hello }');
    expect(answer.status).toBe(200);
    expect(answer.text).toBe('{"data":{"hello":"world"}}');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('answers in the GraphQL media type when it is asked for', async () => {
    const accept = 'application/graphql-response+json';
    for (const query of ['{ hello }', `{ ${'me { friend { '.repeat(20)} id ${'}}'.repeat(20)} }`]) {
      const answer = await served.post({ query }, { accept });
      expect(answer.headers.get('content-type')).toMatch(accept);
    }
  });
});

describe('requests that cannot be read', () => {
  it('refuses GET, naming the method to use', async () => {
    const answer = await answerOf(await fetch(`${served.url}/graphql?query={hello}`));
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
    expect(answer.errors).toEqual([
      { message: 'Use POST at /graphql, not GET.', extensions: { code: 'METHOD_NOT_ALLOWED' } },
    ]);
  });

  it.each([
    ['cut off', '{"query": "{ hel'],
    ['empty', ''],
    ['not JSON', 'query { hello }'],
    ['an attempt at the prototype', '{"query":"{ hello }","__proto__":{"a":1}}'],
  ])('answers a body that is %s with 400', async (_name, body) => {
    const answer = await served.post(body);
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });

  it.each([
    ['a list of operations', [{ query: '{ hello }' }]],
    ['a number', 5],
    ['null', null],
    ['no query', {}],
    ['a query that is not text', { query: { kind: 'Document' } }],
    ['variables that are text', { query: '{ hello }', variables: '{}' }],
    ['variables that are a list', { query: '{ hello }', variables: [] }],
    ['a registered query', { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } }],
  ])('refuses a body that is %s', async (_name, body) => {
    const answer = await served.post(body);
    expect(answer.status === 400 || answer.errors[0]?.extensions.code === 'PERSISTED_QUERY_NOT_SUPPORTED').toBe(true);
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]?.extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
  });

  it('answers JSON 10,000 levels deep with 400', async () => {
    for (const [opening, closing] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = opening.repeat(10_000) + (opening === '[' ? '' : '1') + closing.repeat(10_000);
      const answer = await served.post(`{"query":"{ hello }","variables":{"x":${deep}}}`);
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.message).toBe('The JSON is nested more than 64 levels deep.');
    }
  });

  it('does not take brackets in text for nesting', async () => {
    const answer = await served.query('query ($x: SaveInput!) { hello }', { x: { name: `${'[{"'.repeat(500)}\\"` } });
    expect(answer.errors[0]?.message).toBe('Variable "$x" is never used.');
  });

  it('refuses NUL in text, and nothing that only looks like it', async () => {
    const query = 'mutation ($input: SaveInput!) { save(input: $input) }';
    const refused = await served.query(query, { input: { name: 'a\u0000b' } });
    expect([refused.status, refused.errors[0]?.message]).toEqual([
      400,
      'Text must not contain the NUL character (\\u0000).',
    ]);
    expect((await served.query('mutation { save(input: { name: "\\u0000" }) }')).status).toBe(400);
    expect((await served.query(query, { input: { name: 'a\\u0000b' } })).data).toEqual({ save: 'saved' });
  });

  it('answers a body of 20 MB with 413 that the caller gets to read', async () => {
    const answer = await served.post(`{"query":"${'x'.repeat(20 * 1024 * 1024)}"}`);
    expect(answer.status).toBe(413);
    expect(answer.errors).toEqual([
      {
        message: 'The body is too large; at most 1048576 bytes are read here.',
        extensions: { code: 'PAYLOAD_TOO_LARGE' },
      },
    ]);
  });

  it('answers a body of 20 MB whose length was not announced with 413', async () => {
    const body = new Blob(['x'.repeat(20 * 1024 * 1024)]).stream();
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    });
    expect((await answerOf(response)).status).toBe(413);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'answers %s with 415',
    async (type) => {
      const answer = await served.post('{"query":"{ hello }"}', { 'content-type': type });
      expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    },
  );

  it('refuses a request that a page could send without asking first', async () => {
    const response = await fetch(`${served.url}/graphql`, { method: 'POST' });
    const answer = await answerOf(response);
    expect(answer.status).toBe(400);
    expect(answer.errors[0]?.message).toMatch('Cross-Site Request Forgery');
  });

  it.each([
    ['an unknown address', 'GET', '/wp-admin', 404],
    ['an address that cannot be decoded', 'GET', '/%E0%A4%A', 400],
    ['another method', 'DELETE', '/graphql', 405],
    ['another method on a probe', 'POST', '/livez', 405],
  ])('answers %s as JSON with a request id', async (_name, method, path, status) => {
    const answer = await answerOf(await fetch(`${served.url}${path}`, { method }));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch('application/json');
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.errors).toHaveLength(1);
  });

  it.each([
    ['is not HTTP', 'HELLO\r\n\r\n', '400 Bad Request'],
    ['has enormous headers', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, '431 '],
    [
      'has a Host that is none',
      `POST /graphql HTTP/1.1\r\nhost: a b[\r\nconnection: close\r\n${asJson}`,
      '400 Bad Request',
    ],
    ['has no Host', `POST /graphql HTTP/1.0\r\n${asJson}`, '400 Bad Request'],
    ['has two lengths', 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n', '400 '],
  ])('answers as JSON with a request id what %s', async (_name, text, status) => {
    const answer = await raw(served.url, text);
    expect(answer).toMatch(`HTTP/1.1 ${status}`);
    expect(answer.toLowerCase()).toMatch('content-type: application/json');
    expect(answer.toLowerCase()).toMatch('x-request-id: ');
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '').errors).toHaveLength(1);
  });

  it('cuts off a body that arrives too slowly', async () => {
    const impatient = await serve({ limits: { receiveWithinMs: 50 } });
    const answer = await raw(
      impatient.url,
      'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query"',
    );
    expect(answer).toMatch('HTTP/1.1 408 Request Timeout');
    expect(answer).toMatch('The request took too long to arrive.');
    const [id] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(answer) ?? [];
    expect(await impatient.line({ requestId: id })).toMatchObject({ code: 'TIMEOUT', route: '/graphql' });
  });

  it('lets a route take longer to receive its body than others', async () => {
    const patient = await serve({
      limits: { receiveWithinMs: 1 },
      routes: [
        async (app) => {
          app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));
          app.put('/uploads/:id', { config: { receiveWithinMs: 60_000 } }, async (request) => {
            let bytes = 0;
            for await (const chunk of request.raw) bytes += chunk.length;
            return { bytes };
          });
        },
      ],
    });
    const body = new ReadableStream({
      async start(controller) {
        for (let part = 0; part < 3; part += 1) {
          controller.enqueue(Buffer.alloc(1000));
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/octet-stream' };
    const response = await fetch(`${patient.url}/uploads/1`, { method: 'PUT', headers, body, duplex: 'half' });
    expect(await response.json()).toEqual({ bytes: 3000 });
  });
});

it('answers as JSON those who want another media type', async () => {
  const answer = await served.post({ query: '{ hello }' }, { accept: 'text/html' });
  expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([406, 'BAD_REQUEST']);
});

describe('the request id', () => {
  it('is made for each request, later ones sorting after earlier ones', async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push((await served.query('{ hello }')).headers.get('x-request-id') ?? '');
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it('is the caller’s own when it is short and printable', async () => {
    const given = await served.post({ query: '{ hello }' }, { 'x-request-id': 'trace-1234:ab' });
    expect(given.headers.get('x-request-id')).toBe('trace-1234:ab');
    for (const bad of ['x'.repeat(65), 'a b', '<script>', 'é']) {
      const answer = await served.post({ query: '{ hello }' }, { 'x-request-id': bad });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('the request log', () => {
  it('tells of each request in one line, with names and numbers only', async () => {
    const logged = await serve({
      contextOf: async () => ({ actor: { kind: 'STAFF' } }),
      actorKindOf: (context) => context.actor.kind,
    });
    const query = 'mutation SaveIt($input: SaveInput!) { save(input: $input) }';
    await logged.post(
      { query, variables: { input: { name: 'hidden-name' } } },
      { 'x-request-id': 'one', authorization: 'Bearer hidden-token' },
    );
    const line = await logged.line({ requestId: 'one', msg: 'request' });
    expect(line).toMatchObject({
      method: 'POST',
      route: '/graphql',
      status: 200,
      operation: 'SaveIt',
      type: 'mutation',
      actor: 'STAFF',
    });
    expect(line.ms).toBeGreaterThan(0);
    expect(logged.lines.filter((one) => one.requestId === 'one')).toHaveLength(1);
    expect(JSON.stringify(logged.lines)).not.toMatch('hidden');
  });

  it('does not hold the address that was asked for', async () => {
    await fetch(`${served.url}/hidden-path?token=hidden-token`, { headers: { 'x-request-id': 'two' } });
    expect(await served.line({ requestId: 'two' })).toMatchObject({ route: 'none', status: 404, code: 'NOT_FOUND' });
    expect(JSON.stringify(served.lines)).not.toMatch('hidden');
  });

  it('says when the caller left before the answer', async () => {
    let leave = () => {};
    const slow = await serve({
      schema: testSchema({
        hello: () => {
          leave();
          return new Promise((resolve) => setTimeout(resolve, 100, 'late'));
        },
      }),
    });
    const controller = new AbortController();
    leave = () => controller.abort();
    const asking = fetch(`${slow.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'gone' },
      body: '{"query":"{ hello }"}',
      signal: controller.signal,
    });
    await expect(asking).rejects.toThrow();
    expect(await slow.line({ requestId: 'gone' })).toMatchObject({ status: 499 });
  });
});
