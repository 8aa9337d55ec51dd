import { afterAll, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { Refusal } from '../../../src/platform/errors.js';
import { currentExchange, type Exchange } from '../../../src/platform/http/exchange.js';
import { closeAll, type Resolvers, type Served, serve, signal, testSchema } from '../http/served.js';

afterAll(closeAll);

const failing = (error: () => unknown): Promise<Served> =>
  serve({
    schema: testSchema(
      {
        fails: () => {
          throw error();
        },
      },
      {
        fails: () => {
          throw error();
        },
      },
    ),
  });
const withQueries = (query: Resolvers, introspection = true) => serve({ schema: testSchema(query), introspection });

describe('a refusal', () => {
  it('is answered with its message, code and path, and is not logged as an error', async () => {
    const served = await failing(() => Refusal.of('NOT_FOUND', 'There is no grant with this id.', ['input', 'id']));
    const answer = await served.query('{ fails hello }');
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ fails: null, hello: 'world' });
    expect(answer.errors).toEqual([
      {
        message: 'There is no grant with this id.',
        locations: [{ line: 1, column: 3 }],
        path: ['fails'],
        extensions: { code: 'NOT_FOUND', path: ['input', 'id'] },
      },
    ]);
    expect(served.lines.filter((line) => Number(line.level) >= 50)).toEqual([]);
  });

  it('with several problems tells of each', async () => {
    const problems = [
      { code: 'REQUIRED', message: 'Name it.', path: ['name'] },
      { code: 'INVALID', message: 'Too short.', path: ['text'] },
    ] as const;
    const served = await failing(() => new Refusal(problems));
    expect((await served.query('{ fails }')).errors[0]).toMatchObject({
      message: 'Name it. Too short.',
      extensions: { code: 'REQUIRED', problems },
    });
  });

  it('of the whole request has the status of its code', async () => {
    const statuses = { UNAUTHENTICATED: 401, FORBIDDEN: 403, RATE_LIMITED: 429, UNAVAILABLE: 503 } as const;
    for (const code of ['UNAUTHENTICATED', 'FORBIDDEN', 'RATE_LIMITED', 'UNAVAILABLE'] as const) {
      const served = await serve({
        contextOf: async () => {
          throw Refusal.of(code, 'No.');
        },
      });
      const answer = await served.query('{ hello }');
      expect(answer.status).toBe(statuses[code]);
      expect(answer.errors).toEqual([{ message: 'No.', extensions: { code } }]);
      expect(answer.headers.get('www-authenticate')).toBe(code === 'UNAUTHENTICATED' ? 'Bearer' : null);
    }
  });

  it('for too many attempts has status 429 and says when to try again, wherever it is thrown', async () => {
    const plain = await failing(() => Refusal.of('RATE_LIMITED', 'Too many attempts.'));
    const answer = await plain.query('mutation { fails }');
    expect([answer.status, answer.headers.get('retry-after'), answer.data]).toEqual([429, '60', null]);

    const exact = await failing(() => Refusal.rateLimited('Wait.', 7.2));
    expect((await exact.query('{ fails }')).headers.get('retry-after')).toBe('8');
    expect((await exact.query('{ fails hello }')).status).toBe(200);
  });

  it('thrown by another route has the status of its code', async () => {
    const served = await serve({
      routes: [
        async (app) => {
          app.put('/uploads/:id', async () => {
            throw Refusal.of('CONTENT_MISMATCH', 'The size is not the one announced.', ['size']);
          });
          app.get('/bug', async () => {
            throw new Error('hidden detail');
          });
        },
      ],
    });
    const refused = await fetch(`${served.url}/uploads/1`, { method: 'PUT' });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toEqual({
      errors: [
        { message: 'The size is not the one announced.', extensions: { code: 'CONTENT_MISMATCH', path: ['size'] } },
      ],
    });
    const bug = await fetch(`${served.url}/bug`);
    expect(bug.status).toBe(500);
    expect(await bug.text()).not.toMatch('hidden');
  });
});

describe('a bug', () => {
  const thrown: [string, () => unknown][] = [
    ['an Error', () => new Error('hidden detail')],
    [
      'an Error of another library, with details',
      () => Object.assign(new Error('hidden detail'), { detail: 'hidden' }),
    ],
    ['a GraphQLError', () => new GraphQLError('hidden detail', { extensions: { code: 'BAD_USER_INPUT', hidden: 1 } })],
    ['a refusal inside another error', () => new Error('hidden detail', { cause: Refusal.of('INVALID', 'hidden') })],
    ['a text', () => 'hidden detail'],
    ['nothing', () => undefined],
  ];

  it.each(thrown)('that throws %s is logged once and not shown', async (_name, error) => {
    const served = await failing(error);
    const answer = await served.query('query Broken { fails }');
    const id = answer.headers.get('x-request-id');
    expect(answer.text).not.toMatch('hidden');
    expect(answer.errors).toMatchObject([
      {
        message: `Something went wrong on our side. Quote request id ${id} when you report it.`,
        extensions: { code: 'INTERNAL_SERVER_ERROR' },
      },
    ]);
    expect(Object.keys(answer.errors[0] ?? {}).sort()).toEqual(['extensions', 'locations', 'message', 'path']);
    const logged = served.lines.filter((line) => Number(line.level) >= 50);
    expect(logged).toMatchObject([{ requestId: id, operation: 'Broken', msg: 'A request failed' }]);
    expect(JSON.stringify(logged[0])).not.toMatch('"detail":');
    expect(await served.line({ requestId: id, msg: 'request' })).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
  });

  it('before the operation begins is a 500 without details', async () => {
    const served = await serve({
      contextOf: async () => {
        throw new Error('hidden detail');
      },
    });
    const answer = await served.query('{ hello }');
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/hidden|Context creation/);
    expect(served.lines.filter((line) => Number(line.level) >= 50)).toHaveLength(1);
  });

  it('in an answer that does not fit the schema is not shown either', async () => {
    const served = await withQueries({ color: () => 'hidden', me: () => ({ name: 'Ada' }) });
    const answer = await served.query('{ color me { id name } }');
    expect(answer.text).not.toMatch('hidden');
    expect(answer.errors.map((error) => error.extensions.code)).toEqual(Array(2).fill('INTERNAL_SERVER_ERROR'));
  });

  it('is told of in the log with its type, message and place, and no more', async () => {
    const served = await failing(() => Object.assign(new TypeError('a thing is missing'), { detail: 'hidden' }));
    await served.query('query Broken { fails }');
    const [line] = served.lines.filter(({ level }) => Number(level) >= 50);
    expect(line).toMatchObject({ err: { type: 'TypeError', message: 'a thing is missing' } });
    expect(line?.err).toHaveProperty('stack', expect.stringMatching(/^\s+at /));
    expect(line?.err).not.toHaveProperty('detail');
  });

  it('that happens a hundred times in one answer does not fill the log', async () => {
    const friend = () => {
      throw new Error('again');
    };
    const nodes = Array.from({ length: 100 }, (_, id) => ({ id, friend }));
    const served = await withQueries({ people: () => ({ nodes }) });
    const answer = await served.query('{ people(first: 100) { nodes { friend { id } } } }');
    expect(answer.errors).toHaveLength(100);
    expect(served.lines.filter((line) => Number(line.level) >= 50)).toHaveLength(5);
  });
});

describe('an outage', () => {
  it.each([
    ['a refused connection', Object.assign(new Error('connect ECONNREFUSED 10.0.0.9'), { code: 'ECONNREFUSED' })],
    ['a database that shuts down', new Error('x', { cause: Object.assign(new Error('bye'), { code: '57P01' }) })],
    ['a statement that took too long', Object.assign(new Error('canceling statement'), { code: '57014' })],
    ['a lost connection', new Error('Connection terminated unexpectedly')],
  ])('such as %s is answered with 503, logged, and not described', async (_name, error) => {
    const served = await failing(() => error);
    const answer = await served.query('{ fails }');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect(answer.errors[0]?.extensions.code).toBe('UNAVAILABLE');
    expect(answer.text).not.toMatch(/10\.0\.0\.9|bye|cancel|terminated/);
    expect(served.lines.filter((line) => Number(line.level) >= 50)).toHaveLength(1);
  });

  it('while it is found out who asks is a 503 too', async () => {
    const served = await serve({
      contextOf: async () => {
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      },
    });
    expect((await served.query('{ hello }')).status).toBe(503);
    expect(served.lines.filter((line) => Number(line.level) >= 50)).toHaveLength(1);
  });

  it('is not a constraint that the database enforces', async () => {
    const served = await failing(() => Object.assign(new Error('duplicate key'), { code: '23505' }));
    const answer = await served.query('{ fails }');
    expect(answer.errors[0]?.extensions.code).toBe('INTERNAL_SERVER_ERROR');
    expect(served.lines).toContainEqual(expect.objectContaining({ err: expect.objectContaining({ code: '23505' }) }));
  });
});

describe('a query that is wrong', () => {
  it('keeps the explanation of what is wrong', async () => {
    const served = await serve();
    for (const [query, code, message] of [
      ['{ hello', 'GRAPHQL_PARSE_FAILED', /^Syntax Error: Expected Name/],
      ['{ me { nam } }', 'GRAPHQL_VALIDATION_FAILED', /^Cannot query field "nam".*Did you mean "name"/],
      ['query A { hello } query B { hello }', 'OPERATION_RESOLUTION_FAILURE', /^Must provide operation name/],
    ] as const) {
      const answer = await served.query(query);
      expect([answer.status, answer.errors[0]?.extensions]).toEqual([400, { code }]);
      expect(answer.errors[0]?.message).toMatch(message);
    }
  });

  it('gets no hints about the schema where the schema cannot be asked for', async () => {
    const served = await withQueries({}, false);
    for (const [query, variables] of [
      ['{ me { nam } }', {}],
      ['{ peple { nodes { id } } }', {}],
      ['{ shout(wrd: 1) }', {}],
      ['mutation { save(input: { nam: "x" }) }', {}],
      ['mutation ($input: SaveInpt!) { save(input: $input) }', { input: {} }],
      ['mutation ($input: SaveInput!) { save(input: $input) }', { input: { name: 'x', secrt: 1 } }],
      ['mutation ($input: SaveInput!) { save(input: $input) }', { input: { name: 'x', color: 'RD' } }],
    ] as const) {
      const answer = await served.query(query, variables);
      expect(answer.status).toBe(400);
      expect(answer.text).not.toMatch(/did you mean/i);
    }
    const asked = await served.query('{ __schema { types { name } } }');
    expect(asked.errors.map((error) => error.message)).toEqual([
      'The schema cannot be asked for here (`__schema`, `__type`).',
    ]);
  });
});

describe('variables that do not fit', () => {
  const save = 'mutation ($input: SaveInput!) { save(input: $input) }';
  const cases: [string, unknown, string][] = [
    ['a missing field', { secret: 1 }, 'at "input": Field "name" of required type "String!" was not provided.'],
    [
      'an unknown field',
      { name: 'x', extra: 'hidden' },
      'at "input": Field "extra" is not defined by type "SaveInput".',
    ],
    ['a number that is text', { name: 'x', secret: 'hidden' }, 'at "input.secret": a value of type Int is wanted.'],
    ['an unknown enum value', { name: 'x', color: 'hidden' }, 'at "input.color": a value of type Color is wanted.'],
    ['one in a list', { name: 'x', tags: ['RED', 'hidden'] }, 'at "input.tags[1]": a value of type Color is wanted.'],
    ['one of a special type', { name: 'x', at: 'hidden' }, 'at "input.at": a value of type Moment is wanted.'],
    ['one far inside', { name: 'x', inner: { name: 5 } }, 'at "input.inner.name": a value of type String is wanted.'],
    [
      'null where there must be something',
      { name: null },
      'at "input.name": Expected non-nullable type "String!" not to be null.',
    ],
    ['text for an object', 'hidden', 'at "input": Expected type "SaveInput" to be an object.'],
    [
      'a tricky text',
      { name: 'x', secret: 'hidden at "input.x"; y' },
      'at "input.secret": a value of type Int is wanted.',
    ],
  ];

  it.each(cases)('such as %s are refused without repeating them', async (_name, input, message) => {
    const served = await serve();
    const answer = await served.query(save, { input });
    expect(answer.status).toBe(400);
    expect(answer.errors.map((error) => [error.message, error.extensions])).toEqual([
      [`Variable "$input" does not fit ${message}`, { code: 'BAD_USER_INPUT' }],
    ]);
    expect(answer.text).not.toMatch('hidden');
  });

  it('are refused when they are missing, and when there are too many', async () => {
    const served = await serve();
    const missing = await served.query(save);
    expect([missing.status, missing.errors[0]?.extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
    const many = await served.query(save, { input: { name: 'x', tags: Array(500).fill('hidden') } });
    expect(many.status).toBe(400);
    expect(many.text).not.toMatch('hidden');
    expect(new Set(many.errors.map((error) => error.extensions.code))).toEqual(new Set(['BAD_USER_INPUT']));
  });

  it('are refused where only the field that takes them finds out', async () => {
    const served = await withQueries({ shout: () => 'X' });
    const answer = await served.query('query ($word: Int = 3) { shout(word: $word) }', { word: null });
    expect(answer.errors).toMatchObject([
      {
        message: 'Argument "word" of non-null type "Int!" must not be null.',
        path: ['shout'],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(served.lines.filter((line) => Number(line.level) >= 50)).toEqual([]);
  });
});

describe('an operation that takes too long', () => {
  it('is given up with TIMEOUT and told so', async () => {
    const finish = signal();
    let exchange: Exchange | undefined;
    const served = await serve({
      schema: testSchema({ hello: () => finish.promise.then(() => 'late') }),
      contextOf: async () => {
        exchange = currentExchange();
        return { actor: { kind: 'NOBODY' } };
      },
      limits: { operationWithinMs: 50 },
    });
    const answer = await served.query('query Slow { hello }');
    expect(answer.status).toBe(504);
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors[0]?.extensions).toEqual({ code: 'TIMEOUT' });
    expect(exchange?.isOver).toBe(true);
    finish.send();
    const line = await served.line({ msg: 'request' });
    expect(line).toMatchObject({ status: 504, code: 'TIMEOUT', operation: 'Slow' });
    expect((await served.query('{ color }')).status).toBe(200);
  });
});
