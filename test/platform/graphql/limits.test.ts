import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery } from 'graphql';
import { closeAll, type Served, serve, testSchema } from '../http/served.js';

afterAll(closeAll);

let served: Served;
const people = { nodes: [], edges: [], totalCount: 0 };
beforeAll(async () => {
  served = await serve({ schema: testSchema({ people: () => people, me: () => null }) });
});

const nested = (levels: number, inner = 'id') =>
  `{ me { ${'friend { '.repeat(levels - 2)} ${inner} ${'}'.repeat(levels - 2)} } }`;
const names = (count: number) => Array.from({ length: count }, (_, n) => n);

/** The refusal that the query gets: its code, and its message up to the semicolon. */
async function refusal(query: string, variables?: Record<string, unknown>): Promise<readonly string[]> {
  const answer = await served.query(query, variables);
  expect([answer.status, answer.data]).toEqual([400, undefined]);
  return answer.errors.map((error) => `${error.extensions.code}: ${error.message.split(';')[0]}`);
}

async function isAnswered(query: string, variables?: Record<string, unknown>): Promise<void> {
  const answer = await served.query(query, variables);
  expect([answer.status, answer.errors]).toEqual([200, []]);
}

describe('depth', () => {
  it('may be 15 levels and not 16', async () => {
    await isAnswered(nested(15));
    expect(await refusal(nested(16))).toEqual(['QUERY_TOO_DEEP: The query is 16 levels deep']);
  });

  it('refuses 50 levels, and 1,000, with the limit and what was found', async () => {
    const answer = await served.query(nested(50));
    expect(answer.errors).toEqual([
      { message: 'The query is 50 levels deep; at most 15 are allowed.', extensions: { code: 'QUERY_TOO_DEEP' } },
    ]);
    expect(await refusal(nested(400))).toContain('QUERY_TOO_DEEP: The query is 400 levels deep');
    expect(await refusal(nested(1000))).toEqual(['QUERY_TOO_COMPLEX: The document asks for 1,000 fields']);
  });

  it('is counted through fragments', async () => {
    const chain = names(20).map((n) => `fragment F${n} on Person { friend { ${n < 19 ? `...F${n + 1}` : 'id'} } }`);
    expect(await refusal(`{ me { ...F0 } } ${chain.join(' ')}`)).toEqual([
      'QUERY_TOO_DEEP: The query is 22 levels deep',
    ]);
    expect(await refusal(`{ me { ${'... on Person { friend { '.repeat(20)} id ${'} }'.repeat(20)} } }`)).toEqual([
      'QUERY_TOO_DEEP: The query is 22 levels deep',
    ]);
  });
});

describe('aliases', () => {
  it('refuses 1,000 of them', async () => {
    const query = `{ me { ${names(1000)
      .map((n) => `a${n}: id`)
      .join(' ')} } }`;
    expect(await refusal(query)).toEqual(['QUERY_TOO_COMPLEX: The document asks for 1,001 fields']);
  });

  it('may be 50 and not 51, also when a fragment brings them', async () => {
    const aliases = (count: number) =>
      names(count)
        .map((n) => `a${n}: id`)
        .join(' ');
    await isAnswered(`{ me { ${aliases(50)} } }`);
    expect(await refusal(`{ me { ${aliases(51)} } }`)).toEqual(['QUERY_TOO_COMPLEX: The query uses 51 aliases']);
    expect(await refusal(`{ me { ...F friend { ...F } } } fragment F on Person { ${aliases(26)} }`)).toEqual([
      'QUERY_TOO_COMPLEX: The query uses 52 aliases',
    ]);
    expect(
      await refusal(
        `{ me { ${names(51)
          .map((n) => `a${n}: __typename`)
          .join(' ')} } }`,
      ),
    ).toHaveLength(1);
  });
});

describe('fields at the top', () => {
  it('may be 20 in a query and 10 in a mutation', async () => {
    const mutation = (count: number) =>
      `mutation { ${names(count)
        .map((n) => `a${n}: save(input: { name: "x" })`)
        .join(' ')} }`;
    await isAnswered(`{ ${'hello '.repeat(20)} }`);
    expect(await refusal(`{ ${'hello '.repeat(21)} }`)).toEqual([
      'QUERY_TOO_COMPLEX: The query asks for 21 fields at its top',
    ]);
    await isAnswered(mutation(10));
    expect(await refusal(mutation(11))).toEqual(['QUERY_TOO_COMPLEX: The mutation asks for 11 fields at its top']);
  });
});

describe('directives', () => {
  it('may be 20 in one place and 50 in an operation', async () => {
    expect(await refusal(`{ hello ${'@include(if: true) '.repeat(21)} }`)).toEqual([
      'QUERY_TOO_COMPLEX: There are 21 directives in one place',
    ]);
    const query = (count: number) =>
      `{ me { ${names(count)
        .map((n) => `${n % 2 ? 'name' : 'id'} @include(if: true)`)
        .join(' ')} } }`;
    await isAnswered(query(50));
    expect(await refusal(query(51))).toEqual(['QUERY_TOO_COMPLEX: The query uses 51 directives']);
  });
});

describe('the size of the document', () => {
  it('is limited before it is parsed', async () => {
    expect(await refusal(`{ ${'hello '.repeat(4000)} }`)).toEqual([
      'QUERY_TOO_COMPLEX: The document has more than 4000 tokens, which is the most allowed.',
    ]);
    expect(await refusal(`{ ${'me {'.repeat(20_000)} }`)).toHaveLength(1);
    expect(await refusal(`{ shout(word: ${'['.repeat(20_000)}) }`)).toHaveLength(1);
  });

  it('leaves no document that takes long to refuse or to answer', async () => {
    const spreads = names(299).map((n) => `...F${n}`);
    const fragments = names(299).map((n) => `fragment F${n} on Person { id }`);
    const branching = names(3).map((n) => `a${n}: friend { ...F }`);
    const heavy = [
      `{ me { ${'id '.repeat(3990)} } }`,
      `{ me { ${'id '.repeat(598)} } }`,
      `{ me { ${'friend { id } '.repeat(299)} } }`,
      `{ me { ${'people(first: 1, last: 1) { totalCount } '.repeat(299)} } }`,
      `{ me { ${`friend { ${'friend { id } '.repeat(10)} } `.repeat(20)} } }`,
      `{ me { ${spreads.join(' ')} } } ${fragments.join(' ')}`,
      `{ hello } fragment F on Person { ${'id '.repeat(500)} }`,
      `{ me { ...F } } fragment F on Person { ${branching.join(' ')} }`,
    ];
    for (const query of heavy) {
      const began = performance.now();
      expect((await served.query(query)).status).toBe(400);
      expect(performance.now() - began).toBeLessThan(1000);
    }
  });

  it('allows a field to be repeated 25 times in one place and not 26', async () => {
    await isAnswered(`{ me { ${'id '.repeat(25)} friend { id } } }`);
    expect(await refusal(`{ me { ${'id '.repeat(26)} } }`)).toEqual([
      'QUERY_TOO_COMPLEX: A field is repeated 26 times',
    ]);
    expect(await refusal(`{ me { ${'friend { id } '.repeat(13)} ${'friend { id } '.repeat(13)} } }`)).toHaveLength(1);
  });
});

describe('cost', () => {
  const pages = (outer: string, inner: string, fields = 'id') =>
    `{ people(${outer}) { nodes { id people(${inner}) { nodes { ${fields} } } } } }`;

  it('refuses pages of 100 within pages of 100, whatever is asked of them', async () => {
    expect(await refusal('{ people(first: 100) { nodes { people(first: 100) { nodes { id } } } } }')).toEqual([
      'QUERY_TOO_COMPLEX: The query would cost 61,005 (an object 5, a value 1, times the sizes of the pages around it)',
    ]);
    expect(
      await refusal('{ people(last: 100) { edges { node { people(last: 100) { edges { cursor } } } } } }'),
    ).toHaveLength(1);
  });

  it('takes page sizes from variables, from their defaults, and from what a page holds by default', async () => {
    const query = `query ($size: Int) { people(first: $size) { nodes { people(first: $size) { nodes { id } } } } }`;
    expect(await refusal(query, { size: 100 })).toHaveLength(1);
    expect(await refusal(query, { size: 100_000_000 })).toHaveLength(1);
    expect(await refusal(query.replace('Int)', 'Int = 100)'))).toHaveLength(1);
    await isAnswered(query, { size: 10 });
    await isAnswered(query.replace('Int)', 'Int = 100)'), { size: 10 });
    await isAnswered(query);
    const three = '{ people { nodes { people { nodes { people { nodes { id name } } } } } } }';
    expect(await refusal(three)).toHaveLength(1);
  });

  it('allows a page of 50 with ten nested items each, and a page of 100 with pages of the default size', async () => {
    await isAnswered(pages('first: 50', 'first: 10', 'id name friend { id name }'));
    await isAnswered('{ people(first: 100) { nodes { id name people { nodes { id name } } } } }');
  });

  it('is counted through fragments, with the page size they are used under', async () => {
    const fragments =
      'fragment P on PersonConnection { nodes { people(first: 100) { ...Q } } } fragment Q on PersonConnection { nodes { id } }';
    expect(await refusal(`{ people(first: 100) { ...P } } ${fragments}`)).toHaveLength(1);
    await isAnswered(`{ people(first: 1) { ...P } } ${fragments}`);
  });

  it('counts lists without pages as ten items', async () => {
    const notes = (levels: number) => `{ me { ${'notes { author { '.repeat(levels)} id ${'} }'.repeat(levels)} } }`;
    await isAnswered(notes(3));
    expect(await refusal(notes(4))).toHaveLength(1);
  });
});

describe('fragments', () => {
  it('that double one another are refused at once', async () => {
    const doubling = names(100).map((n) => `fragment F${n} on Person { ...F${n + 1} ...F${n + 1} }`);
    const began = performance.now();
    const found = await refusal(`{ me { ...F0 } } ${doubling.join(' ')} fragment F100 on Person { id }`);
    expect(found[0]).toMatch('QUERY_TOO_COMPLEX: The query would cost more than a billion');
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('that go in a circle are refused by validation', async () => {
    const found = await refusal(
      '{ me { ...A } } fragment A on Person { friend { ...B } } fragment B on Person { ...A }',
    );
    expect(found).toEqual(['GRAPHQL_VALIDATION_FAILED: Cannot spread fragment "A" within itself via "B".']);
    expect(await refusal('{ me { ...A } } fragment A on Person { ...A }')).toHaveLength(1);
  });

  it('that are unknown, or on unknown types, are refused by validation', async () => {
    expect(await refusal('{ me { ...Nope } }')).toEqual(['GRAPHQL_VALIDATION_FAILED: Unknown fragment "Nope".']);
    expect((await refusal('{ me { ... on Nope { nope { nope } } } }'))[0]).toMatch('Unknown type "Nope"');
  });
});

describe('questions about the schema', () => {
  it('are answered as GraphiQL and other tools ask them', async () => {
    const query = getIntrospectionQuery({ inputValueDeprecation: true, schemaDescription: true, specifiedByUrl: true });
    const answer = await served.query(query);
    expect(answer.status).toBe(200);
  });

  it('are refused when they go round in circles', async () => {
    const query = `{ __schema { types { ${'fields { type { '.repeat(6)} name ${'} }'.repeat(6)} } } }`;
    expect(await refusal(query)).toContain('GRAPHQL_VALIDATION_FAILED: Maximum introspection depth exceeded');
  });
});

it('measures every operation of a document, and answers the one that is named', async () => {
  const small = 'query Small { hello }';
  const answer = await served.post({ query: `${small} query Other { me { id } }`, operationName: 'Small' });
  expect(answer.data).toEqual({ hello: 'world' });
  expect(await refusal(`${small} query Large ${nested(20)}`)).toHaveLength(1);
});
