import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { answerOf, closeAll, type Served, serve } from './served.js';

afterAll(closeAll);

let served: Served;
beforeAll(async () => {
  served = await serve({
    publicUrl: 'https://portal.example',
    allowedOrigins: ['https://admin.example'],
    routes: [
      async (app) => {
        app.put('/uploads/:id', async () => ({ stored: true }));
      },
    ],
  });
});

const post = (headers: Record<string, string>) => served.post({ query: '{ hello }' }, headers);

describe('a request with a cookie', () => {
  const cookie = 'session=abc';

  it('is answered when a page of the portal or of an allowed origin sends it', async () => {
    for (const origin of ['https://portal.example', 'https://admin.example', served.url]) {
      expect((await post({ cookie, origin })).data).toEqual({ hello: 'world' });
    }
    expect((await post({ cookie, origin: 'https://admin.example', 'sec-fetch-site': 'same-site' })).status).toBe(200);
    expect((await post({ cookie, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  it('is answered when a program that is not a browser sends it', async () => {
    expect((await post({ cookie })).status).toBe(200);
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['a subdomain', { origin: 'https://evil.portal.example' }],
    ['the same name without encryption', { origin: 'http://portal.example' }],
    ['a sandboxed page', { origin: 'null' }],
    ['an origin that is none', { origin: 'portal.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour that is not allowed', { origin: 'https://x.portal.example', 'sec-fetch-site': 'same-site' }],
  ])('is refused when it comes from %s', async (_name, headers) => {
    const answer = await post({ cookie, ...headers });
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('is refused on other addresses too', async () => {
    const headers = { cookie, origin: 'https://evil.example' };
    expect((await fetch(`${served.url}/uploads/1`, { method: 'PUT', headers })).status).toBe(403);
  });
});

it('a request without a cookie is answered from anywhere, but other pages may not read the answer', async () => {
  const answer = await post({ origin: 'https://evil.example', authorization: 'Bearer x' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

describe('browsers that ask first', () => {
  const ask = async (origin: string) =>
    fetch(`${served.url}/graphql`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });

  it('are told that pages of allowed origins may call, with cookies', async () => {
    const response = await ask('https://admin.example');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://admin.example');
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
    expect(response.headers.get('access-control-allow-headers')).toMatch('idempotency-key');
    expect(response.headers.get('vary')).toBe('Origin');
  });

  it('are told that others may not', async () => {
    const answer = await answerOf(await ask('https://evil.example'));
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('see allowed origins named on answers that are errors, so that they can be read', async () => {
    const answer = await served.post('{', { origin: 'https://admin.example' });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://admin.example');
    expect(answer.headers.get('access-control-expose-headers')).toMatch('x-request-id');
  });
});

it('the caller’s address is taken from a proxy only where one is trusted', async () => {
  const addresses: string[] = [];
  for (const trustedProxies of [0, 1]) {
    const behind = await serve({
      trustedProxies,
      contextOf: async (request) => {
        addresses.push(request.ip);
        return { actor: { kind: 'NOBODY' } };
      },
    });
    await behind.post({ query: '{ hello }' }, { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' });
  }
  expect(addresses).toEqual(['127.0.0.1', '198.51.100.7']);
});
