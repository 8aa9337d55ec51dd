import { type ChangeSet, ChangeSetType, type EntityProperty } from '@mikro-orm/core';
import { CompiledQuery } from 'kysely';
import type { Em } from './orm.js';

type Changes = ChangeSet<object>;

/** Rows are given up first and made last, so that what only one row may be can pass from one to another. */
const turns: readonly string[] = [ChangeSetType.DELETE, ChangeSetType.UPDATE, ChangeSetType.CREATE];

/**
 * Everything that was changed in entities, as one statement with parameters, where MikroORM's own flush sends one with
 * its values written in for each row. The entity manager forgets what it held. Null when nothing was changed.
 *
 * A row that somebody else changed meanwhile fails the statement with SQLSTATE 40001: the transaction is worth repeating.
 */
export function takeChanges(em: Em): CompiledQuery | null {
  const work = em.getUnitOfWork();
  work.computeChangeSets();
  const changes = [...work.getChangeSets()].sort((one, other) => turnOf(one) - turnOf(other));
  em.clear();
  if (changes.length === 0) return null;
  const values: unknown[] = [];
  const parts = changes.map((change, position) => partOf(change, position, values));
  const written = parts.map((_part, position) => `(select count(*) from w${position})`).join(' + ');
  const text = `with ${parts.join(', ')} select require_written(${written}, ${parts.length})`;
  return CompiledQuery.raw(text, values);
}

function turnOf({ type, meta }: Changes): number {
  const turn = turns.indexOf(type);
  if (turn === -1) throw new Error(`A ${meta.className} was changed in a way that is not known here: ${type}.`);
  return turn;
}

/** One row's change. Parts of a statement run in no certain order, unless each looks at the one before. */
function partOf(change: Changes, position: number, values: unknown[]): string {
  const after = position === 0 ? 'true' : `(select count(*) >= 0 from w${position - 1})`;
  return `w${position} as (${textOf(change, after, values)} returning 1)`;
}

function textOf(change: Changes, after: string, values: unknown[]): string {
  const { meta, type, payload } = change;
  const table = quoted(meta.tableName);
  const value = (property: EntityProperty, given: unknown) => {
    values.push(given);
    return `$${values.length}::${property.columnTypes[0]}`;
  };
  const changed = Object.entries(payload).map(([name, given]) => ({ property: propertyOf(change, name), given }));
  if (type === ChangeSetType.CREATE) {
    const columns = changed.map(({ property }) => columnOf(property)).join(', ');
    const row = changed.map(({ property, given }) => value(property, given)).join(', ');
    return `insert into ${table} (${columns}) select ${row} where ${after}`;
  }
  const found = `${rowOf(change, value)} and ${after}`;
  if (type === ChangeSetType.DELETE) return `delete from ${table} where ${found}`;
  const version = meta.versionProperty ? [propertyOf(change, meta.versionProperty)] : [];
  const set = [
    ...changed
      .filter(({ property }) => !version.includes(property))
      .map(({ property, given }) => `${columnOf(property)} = ${value(property, given)}`),
    ...version.map((property) => `${columnOf(property)} = ${columnOf(property)} + 1`),
  ];
  return `update ${table} set ${set.join(', ')} where ${found}`;
}

/** The row as it was read: by its key and, where writes are counted, at the version it had. */
function rowOf(change: Changes, value: (property: EntityProperty, given: unknown) => string): string {
  const { meta } = change;
  // MikroORM counts versions when it writes, so the entity still has the one that was read.
  const before: Readonly<Record<string, unknown>> = { ...change.entity, ...change.originalEntity };
  const names: string[] = [...meta.primaryKeys, ...(meta.versionProperty ? [meta.versionProperty] : [])];
  return names
    .map((name) => propertyOf(change, name))
    .map((property) => `${columnOf(property)} = ${value(property, before[property.name])}`)
    .join(' and ');
}

function propertyOf({ meta }: Changes, name: string): EntityProperty {
  const property = Object.values<EntityProperty>(meta.properties).find((one) => one.name === name);
  if (!property) throw new Error(`A ${meta.className} has no ${name}.`);
  return property;
}

function columnOf({ fieldNames }: EntityProperty): string {
  return quoted(fieldNames[0] ?? '');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
