import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Partner, Story } from '../journeys/story.js';
import { changesNothing, type RawRequest, send } from './bad-input-desk.js';

const levels = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);
const ping = JSON.stringify({ query: '{ viewer { kind } }' });

/** A query that asks for an application's organization's members' organizations, and so on, 50 levels deep. */
const deepQuery = `{ myMemberships { ${'organization { members { '.repeat(24)} id ${'} }'.repeat(24)} } }`;

describe('a request that is none, or too much of one', () => {
  let story: Story;
  let partner: Partner;
  let session: string;
  let applicationId: string;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Rita Request', 'Request Utilities');
    session = await story.session(partner.email);
    applicationId = await story.draft(partner);
  });
  afterAll(() => story.close());

  const post = (request: RawRequest) => changesNothing(story.desk, () => send(story.desk, session, request));
  const query = (text: string, variables: object = {}) => post({ body: JSON.stringify({ query: text, variables }) });
  const error = (code: string, gist: RegExp) => ({
    errors: [expect.objectContaining({ message: expect.stringMatching(gist), extensions: { code } })],
  });

  it.each([
    [
      'JSON 10,000 levels of lists deep',
      `{"query":"{ viewer { kind } }","variables":{"a":${levels(10_000, '[', ']')}}}`,
      'BAD_REQUEST',
      /more than 64 levels deep/,
    ],
    [
      'JSON 10,000 levels of objects deep',
      `{"query":"","variables":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
      'BAD_REQUEST',
      /more than 64 levels deep/,
    ],
    ['JSON 10,000 levels deep that never ends', '['.repeat(10_000), 'BAD_REQUEST', /more than 64 levels deep/],
    ['JSON cut off half-way', '{"query":"{ viewer { ki', 'BAD_REQUEST', /The body is not JSON/],
    ['JSON with a comma too many', '{"query":"{ viewer { kind } }",}', 'BAD_REQUEST', /The body is not JSON/],
    ['an empty body', '', 'BAD_REQUEST', /The body is not JSON/],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), 'BAD_REQUEST', /The body is not JSON/],
    ['JSON that is a number', '7', 'BAD_REQUEST', /./],
    ['JSON that is null', 'null', 'BAD_REQUEST', /./],
    ['a batch', `[${ping},${ping}]`, 'BAD_REQUEST', /batch/i],
    ['a body without a query', '{}', 'BAD_REQUEST', /no keys/],
    ['a query that is a number', '{"query":7}', 'BAD_REQUEST', /must be strings/],
    ['variables that are a text', '{"query":"{ viewer { kind } }","variables":"x"}', 'BAD_REQUEST', /variables/],
  ])('is answered with 400 when it is %s', async (_what, body, code, gist) => {
    const answer = await post({ body });
    expect([answer.status, answer.body]).toEqual([400, error(code, gist)]);
  });

  it.each([
    ['a body of 20 MB that says how long it is', { body: JSON.stringify({ query: 'x'.repeat(20_000_000) }) }],
    ['a body just over the limit', { body: Buffer.alloc(1024 * 1024 + 1, ' ') }],
  ])('is answered with 413 when it is %s', async (_what, request) => {
    const answer = await post(request);
    expect([answer.status, answer.body]).toEqual([
      413,
      error('PAYLOAD_TOO_LARGE', /The body is too large; at most 1048576 bytes are read here\./),
    ]);
  });

  it('is answered with 413 when 20 MB come in chunks, without a word on how many', async () => {
    const socket = connect(Number(new URL(story.desk.url).port), '127.0.0.1');
    const head = ['POST /graphql HTTP/1.1', 'host: x', 'content-type: application/json', 'transfer-encoding: chunked'];
    socket.write([...head, 'connection: close', '', ''].join('\r\n'));
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')]);
    const received: Buffer[] = [];
    socket.on('data', (piece: Buffer) => received.push(piece));
    socket.on('error', () => {});
    const answer = new Promise<string>((resolve) => {
      socket.on('close', () => resolve(Buffer.concat(received).toString()));
    });
    for (let sent = 0; sent < 20_000_000 && socket.writable; sent += 0x10000) socket.write(chunk);
    socket.end('0\r\n\r\n');
    expect(await answer).toMatch(/^HTTP\/1\.1 413 .*PAYLOAD_TOO_LARGE/s);
  });

  it.each([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['a form with files', 'multipart/form-data; boundary=x'],
    ['GraphQL itself', 'application/graphql'],
    ['no type at all', 'x'],
  ])('is answered with 415 when its content is said to be %s', async (_what, type) => {
    const answer = await post({ body: ping, headers: { 'content-type': type } });
    expect([answer.status, answer.body]).toEqual([415, error('UNSUPPORTED_MEDIA_TYPE', /application\/json/)]);
  });

  it.each(['GET', 'PUT', 'DELETE', 'PATCH'])(
    'is answered with 405 and POST as the way when it is a %s',
    async (method) => {
      const answer = await post({ method, ...(method === 'GET' ? {} : { body: ping }) });
      expect([answer.status, answer.body]).toEqual([405, error('METHOD_NOT_ALLOWED', /Use POST at \/graphql/)]);
      expect(answer.headers.get('allow')).toContain('POST');
    },
  );

  it('is answered with 400 when it is a GET with a query in the address', async () => {
    const response = await fetch(`${story.desk.url}/graphql?query=%7B%20viewer%20%7B%20kind%20%7D%20%7D`);
    expect(response.status).toBe(405);
  });

  it('is told that the query is too deep, at 50 levels', async () => {
    const { status, body } = await query(deepQuery);
    const [deep] = error('QUERY_TOO_DEEP', /The query is 50 levels deep; at most 15 are allowed\./).errors;
    expect([status, body.errors]).toEqual([400, expect.arrayContaining([deep])]);
  });

  it('is told that the query is too deep in fragments, and in lists of values', async () => {
    const fragments = Array.from(
      { length: 20 },
      (_, n) => `fragment F${n} on Organization { members { organization { ...F${n + 1} } } }`,
    );
    const spread = `{ myMemberships { organization { ...F0 } } } ${fragments.join(' ')} fragment F20 on Organization { id }`;
    const { status, body } = await query(spread);
    expect([status, body.errors[0]]).toMatchObject([400, { extensions: { code: 'QUERY_TOO_DEEP' } }]);
    const literal = `mutation { saveDraft(input: { applicationId: "${applicationId}", answers: { a: ${levels(500, '[', ']')} } }) { errors { code path } } }`;
    expect((await query(literal)).body.data.saveDraft.errors).toMatchObject([{ code: 'INVALID' }]);
  });

  it('is told that the query is too large, with 1,000 aliases', async () => {
    const aliases = Array.from({ length: 1000 }, (_, n) => `a${n}: __typename`).join(' ');
    const answer = await query(`{ ${aliases} }`);
    expect([answer.status, answer.body]).toEqual([
      400,
      error('QUERY_TOO_COMPLEX', /asks for 1,000 fields; at most 600 are allowed/),
    ]);
    const fewer = Array.from({ length: 100 }, (_, n) => `a${n}: kind`).join(' ');
    expect((await query(`{ viewer { ${fewer} } }`)).body).toEqual(
      error('QUERY_TOO_COMPLEX', /uses 100 aliases; at most 50 are allowed/),
    );
  });

  it('is told so when it changes many things at once, and changes none', async () => {
    const many = Array.from(
      { length: 11 },
      (_, n) => `w${n}: withdrawApplication(input: { applicationId: "${applicationId}" }) { errors { code } }`,
    );
    expect(await query(`mutation { ${many.join(' ')} }`)).toMatchObject({
      status: 400,
      body: error('QUERY_TOO_COMPLEX', /11 fields at its top; at most 10/),
    });
  });

  it.each([
    ['an unknown field', '{ viewer { kinds } }', 'GRAPHQL_VALIDATION_FAILED', /Cannot query field "kinds"/],
    [
      'an unknown operation',
      'mutation { approveEverything { errors { code } } }',
      'GRAPHQL_VALIDATION_FAILED',
      /approveEverything/,
    ],
    ['a syntax error', '{ viewer { kind }', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    ['half a character', '{ queue(name: "\\ud800") { totalCount } }', 'GRAPHQL_PARSE_FAILED', /Unicode/],
    [
      'fragments in a circle',
      '{ viewer { ...A } } fragment A on Viewer { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
      /itself/,
    ],
    [
      'an enum value that is none',
      '{ applications(filter: { statuses: [LOST] }) { totalCount } }',
      'GRAPHQL_VALIDATION_FAILED',
      /LOST/,
    ],
    [
      'an enum value as a text',
      '{ applications(filter: { statuses: ["DRAFT"] }) { totalCount } }',
      'GRAPHQL_VALIDATION_FAILED',
      /Enum "ApplicationStatus"/,
    ],
    ['an argument missing', '{ application { id } }', 'GRAPHQL_VALIDATION_FAILED', /"id" of type "ID!" is required/],
    ['null for an id', '{ application(id: null) { id } }', 'GRAPHQL_VALIDATION_FAILED', /ID!/],
    [
      'two operations and no name',
      'query A { viewer { kind } } query B { viewer { kind } }',
      'OPERATION_RESOLUTION_FAILURE',
      /./,
    ],
  ])('is told what is wrong with %s', async (_what, source, code, gist) => {
    const answer = await query(source);
    expect([answer.status, answer.body]).toEqual([400, error(code, gist)]);
  });

  it('finds nothing by half a character or a long text in a variable', async () => {
    for (const name of ['\ud800', 'x'.repeat(500_000), '%', '']) {
      const { body } = await query(
        'query ($name: String!) { queue(name: $name) { totalCount } program(code: $name) { id } }',
        { name },
      );
      expect(body).toEqual({ data: { queue: { totalCount: 0 }, program: null } });
    }
  });

  it.each([
    ['no credential in the header', 'Basic dXNlcjpwYXNz'],
    ['a token that was never given', 'Bearer abcdefghijklmnopqrstuvwxyz'],
    ['a key that was never given', `Bearer sallyport_${'x'.repeat(43)}`],
    ['nothing after Bearer', 'Bearer'],
  ])('is answered with 401 when it comes with %s', async (_what, authorization) => {
    const answer = await post({ body: ping, headers: { authorization } });
    expect([answer.status, answer.body]).toEqual([401, error('UNAUTHENTICATED', /./)]);
  });

  it('leaves the portal as ready as before', async () => {
    expect((await fetch(`${story.desk.url}/readyz`)).status).toBe(200);
    expect((await query('{ viewer { kind } }')).body).toEqual({ data: { viewer: { kind: 'PERSON' } } });
  });
});
