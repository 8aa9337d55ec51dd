import { afterAll, describe, expect, it } from '@jest/globals';
import { Refusal } from '../../../src/platform/errors.js';
import { createExecutor } from '../../../src/platform/graphql/executor.js';
import { type Answer, closeAll, type Served, serve, type TestContext, testSchema } from '../http/served.js';

afterAll(closeAll);

const save = 'mutation Save($name: String!) { save(input: { name: $name }) }';

/** A server with the executor that lets known operations past the GraphQL server; `act` is what the mutations do. */
function serving(act: (name: unknown) => string): Promise<Served> {
  const schema = testSchema({}, { save: (_source, { input }) => act(input.name), fails: () => act('fails') });
  const executor = createExecutor<TestContext, never, never>({
    schema,
    reads: {},
    plain: {},
    readerOf: () => {
      throw new Error('Nothing is read here.');
    },
  });
  return serve({ schema, executor });
}

function seen({ status, headers, text }: Answer) {
  const told = ['content-type', 'cache-control', 'retry-after'].map((name) => [name, headers.get(name)]);
  return { status, headers: Object.fromEntries(told), text: text.replaceAll(/request id [^ ]+/g, 'request id …') };
}

describe('a mutation that was sent before', () => {
  it('is carried out each time it is sent', async () => {
    const saved: unknown[] = [];
    const served = await serving((name) => `${saved.push(name)}`);
    const answers = [];
    for (const name of ['one', 'two', 'two']) answers.push((await served.query(save, { name })).text);
    expect(saved).toEqual(['one', 'two', 'two']);
    expect(answers).toEqual(['1', '2', '3'].map((count) => `{"data":{"save":"${count}"}}`));
  });

  const failures: Readonly<Record<string, () => Error>> = {
    'a refusal': () => Refusal.of('FORBIDDEN', 'Your role does not allow this.', ['input', 'name']),
    'a refusal that decides the status': () => Refusal.of('RATE_LIMITED', 'Too often.'),
    'an outage': () => Refusal.of('UNAVAILABLE', 'Try again.'),
    'a bug': () => new Error('secret 123'),
  };

  it.each(Object.keys(failures))('is told of %s as it was the first time', async (kind) => {
    const served = await serving(() => {
      throw failures[kind]?.() ?? new Error('There is no such failure.');
    });
    for (const query of [save, 'mutation Save($name: String!) { fails save(input: { name: $name }) }']) {
      const first = seen(await served.query(query, { name: 'a' }));
      expect(JSON.parse(first.text).errors).not.toEqual([]);
      expect(seen(await served.query(query, { name: 'a' }))).toEqual(first);
    }
  });

  it('is not begun with variables that do not fit, and told why as it was the first time', async () => {
    const saved: unknown[] = [];
    const served = await serving((name) => `${saved.push(name)}`);
    const first = seen(await served.query(save, { name: 1 }));
    expect(first).toMatchObject({ status: 400, text: expect.stringContaining('BAD_USER_INPUT') });
    await served.query(save, { name: 'right' });
    expect(seen(await served.query(save, { name: 1 }))).toEqual(first);
    expect(saved).toEqual(['right']);
  });
});
