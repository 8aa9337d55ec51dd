import {
  type ChangeSet,
  ChangeSetType,
  type EntityClass,
  type EntityMetadata,
  type EntityProperty,
  type RequiredEntityData,
} from '@mikro-orm/core';
import type { Em } from './orm.js';
import type { Part } from './writing.js';

type Changes = ChangeSet<object>;

/** Rows are given up first and made last, so that what only one row may be can pass from one to another. */
const turns: readonly string[] = [ChangeSetType.DELETE, ChangeSetType.UPDATE, ChangeSetType.CREATE];

/**
 * Everything that was changed in entities, as parts of one statement with parameters, where MikroORM's own flush sends
 * one with its values written in for each row. The entity manager forgets what it held.
 */
export function takeChanges(em: Em): readonly Part[] {
  const work = em.getUnitOfWork();
  work.computeChangeSets();
  const changes = [...work.getChangeSets()].sort((one, other) => turnOf(one) - turnOf(other));
  em.clear();
  return changes.map((change) => ({
    text: (after, value) => `${textOf(change, after, value)} returning 1`,
    rows: 1,
  }));
}

/**
 * A row that is made and not looked at again, as such a part. Its values must be what the database takes: it has no
 * columns of JSON.
 */
export function insertion<Entity extends object>(
  em: Em,
  type: EntityClass<Entity>,
  row: RequiredEntityData<Entity>,
): Part {
  const meta = em.getMetadata().get(type);
  return { text: (after, value) => `${insertOf(meta, row, after, value)} returning 1`, rows: 1 };
}

function turnOf({ type, meta }: Changes): number {
  const turn = turns.indexOf(type);
  if (turn === -1) throw new Error(`A ${meta.className} was changed in a way that is not known here: ${type}.`);
  return turn;
}

function textOf(change: Changes, after: string, place: (given: unknown) => string): string {
  const { meta, type, payload } = change;
  if (type === ChangeSetType.CREATE) return insertOf(meta, payload, after, place);
  const table = quoted(meta.tableName);
  const value = placed(place);
  const changed = Object.entries(payload).map(([name, given]) => ({ property: propertyOf(meta, name), given }));
  const found = `${rowOf(change, value)} and ${after}`;
  if (type === ChangeSetType.DELETE) return `delete from ${table} where ${found}`;
  const version = meta.versionProperty ? [propertyOf(meta, meta.versionProperty)] : [];
  const set = [
    ...changed
      .filter(({ property }) => !version.includes(property))
      .map(({ property, given }) => `${columnOf(property)} = ${value(property, given)}`),
    ...version.map((property) => `${columnOf(property)} = ${columnOf(property)} + 1`),
  ];
  return `update ${table} set ${set.join(', ')} where ${found}`;
}

function insertOf(meta: EntityMetadata, row: object, after: string, place: (given: unknown) => string): string {
  const value = placed(place);
  const given = Object.entries(row).map(([name, of]) => ({ property: propertyOf(meta, name), of }));
  const columns = given.map(({ property }) => columnOf(property)).join(', ');
  const values = given.map(({ property, of }) => value(property, of)).join(', ');
  return `insert into ${quoted(meta.tableName)} (${columns}) select ${values} where ${after}`;
}

/** Gives a value its place in the statement, as one of the type that its column has. */
function placed(place: (given: unknown) => string) {
  return (property: EntityProperty, given: unknown) => `${place(given)}::${property.columnTypes[0]}`;
}

/** The row as it was read: by its key and, where writes are counted, at the version it had. */
function rowOf(change: Changes, value: (property: EntityProperty, given: unknown) => string): string {
  const { meta } = change;
  const read: Readonly<Record<string, unknown>> = change.originalEntity ?? { ...change.entity };
  const names: string[] = [...meta.primaryKeys, ...(meta.versionProperty ? [meta.versionProperty] : [])];
  return names
    .map((name) => propertyOf(meta, name))
    .map((property) => `${columnOf(property)} = ${value(property, read[property.name])}`)
    .join(' and ');
}

function propertyOf(meta: EntityMetadata, name: string): EntityProperty {
  const property = meta.properties[name];
  if (!property) throw new Error(`A ${meta.className} has no ${name}.`);
  return property;
}

function columnOf({ fieldNames }: EntityProperty): string {
  return quoted(fieldNames[0] ?? '');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
