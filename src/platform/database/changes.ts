import { type ChangeSet, ChangeSetType, type EntityProperty } from '@mikro-orm/core';
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

function turnOf({ type, meta }: Changes): number {
  const turn = turns.indexOf(type);
  if (turn === -1) throw new Error(`A ${meta.className} was changed in a way that is not known here: ${type}.`);
  return turn;
}

function textOf(change: Changes, after: string, place: (given: unknown) => string): string {
  const { meta, type, payload } = change;
  const table = quoted(meta.tableName);
  const value = (property: EntityProperty, given: unknown) => `${place(given)}::${property.columnTypes[0]}`;
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
  const property = meta.props.find((one) => one.name === name);
  if (!property) throw new Error(`A ${meta.className} has no ${name}.`);
  return property;
}

function columnOf({ fieldNames }: EntityProperty): string {
  return quoted(fieldNames[0] ?? '');
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
