import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isObjectType } from 'graphql';
import { sql } from 'kysely';
import { type Projection, sight } from '../../../src/api/eyes.js';
import type { Actor } from '../../../src/lifecycle/actor.js';
import { FieldArguments } from '../../../src/platform/reading/arguments.js';
import type { JsonForm } from '../../../src/platform/reading/json-sql.js';
import { formOf } from '../../../src/platform/reading/selection.js';
import type { Sql } from '../../../src/platform/reading/slot.js';
import { isInTransit } from '../../../src/platform/reading/transit.js';
import { buildPortalSchema } from '../../../src/schema.js';
import { openTestPortal, type TestPortal } from '../../support/portal.js';

const person = { kind: 'PERSON', name: 'Ann Example', email: 'ann@example.org', mustChangePassword: false } as const;
const personId = '01900000-0000-7000-8000-000000000001';
const organizationId = '01900000-0000-7000-8000-000000000002';
const viewers: Readonly<Record<string, Actor>> = {
  partner: { ...person, personId, staffId: null, staffRoles: [], memberships: [{ organizationId, role: 'OWNER' }] },
  staff: { ...person, personId, staffId: personId, staffRoles: ['ADMIN'], memberships: [] },
};

/** The types whose text is the JSON, or within quotes is. */
const fitting: Readonly<Record<Exclude<JsonForm, 'any'>, readonly string[]>> = {
  plain: ['smallint', 'integer', 'bigint', 'numeric', 'double precision', 'boolean'],
  word: ['text'],
  text: ['text', 'uuid', 'date'],
};

interface Written {
  readonly name: string;
  readonly form: Exclude<JsonForm, 'any'>;
  readonly sql: Sql;
}

describe('every value of an answer', () => {
  let portal: TestPortal;
  const schema = buildPortalSchema(() => ({}));

  beforeAll(async () => {
    portal = await openTestPortal();
  });
  afterAll(() => portal.close());

  it.each(Object.keys(viewers))('has in SQL a type that is written as the schema’s is, for %s', async (kind) => {
    const projections = await allProjections();
    expect(projections.length).toBeGreaterThan(50);
    const unfit: string[] = [];
    for (const projection of projections) {
      const values = valuesOf(projection, kind);
      const types = await typesInSql(projection, values);
      for (const [place, { name, form }] of values.entries()) {
        const type = types[place] ?? 'none';
        if (!fitting[form].includes(type)) unfit.push(`${projection.type}.${name} is ${type}, written as ${form}`);
      }
    }
    expect(unfit).toEqual([]);
  });

  /** What is written by its form: not what is read before, nor what was made to travel, nor what is hidden. */
  function valuesOf(projection: Projection, kind: string): readonly Written[] {
    const type = schema.getType(projection.type);
    const actor = viewers[kind];
    if (!isObjectType(type) || !actor) throw new Error(`${projection.type} is no object type, or ${kind} is nobody.`);
    const eyes = sight.eyesOf({ actor, now: new Date() });
    return Object.entries(projection.fields).flatMap(([name, projected]) => {
      const field = type.getFields()[name];
      if (!field || projected.kind !== 'value' || projected.read) return [];
      const form = formOf(field.type);
      const value = projected.sql((column) => sql.ref(`row.${column}`), eyes, FieldArguments.none);
      const isHidden = value.compile(portal.database.kysely()).sql === 'null';
      return form === 'any' || isInTransit(value) || isHidden ? [] : [{ name, form, sql: value }];
    });
  }

  async function typesInSql(projection: Projection, values: readonly Written[]): Promise<readonly string[]> {
    const kysely = portal.database.kysely();
    const columns = values.map((value, place) => sql`${value.sql} as ${sql.ref(`c${place}`)}`);
    const from = sql.table(projection.table);
    const { sql: text } = sql`select 0 as none, ${sql.join(columns)} from ${from} as row`.compile(kysely);
    await sql.raw(`create view forms as ${text.replaceAll(/\$\d+/g, 'null')}`).execute(kysely);
    const found = await sql<{ type: string }>`select format_type(atttypid, null) as type from pg_attribute
      where attrelid = 'forms'::regclass and attname <> 'none' order by attnum`.execute(kysely);
    await sql`drop view forms`.execute(kysely);
    return found.rows.map(({ type }) => type);
  }
});

async function allProjections(): Promise<readonly Projection[]> {
  const found = new Set<Projection>();
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.queries.ts')) continue;
    const exported: Readonly<Record<string, unknown>> = await import(`../../../src/${file.replace(/ts$/, 'js')}`);
    for (const one of Object.values(exported)) if (isProjection(one)) found.add(one);
  }
  return [...found];
}

function isProjection(value: unknown): value is Projection {
  return typeof value === 'object' && value !== null && 'fields' in value && 'table' in value && 'visible' in value;
}
