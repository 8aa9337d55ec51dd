import type { SelectedField } from './selection.js';
import type { Sql } from './slot.js';

/** What must still be done to a value once it is read; null when it can be sent as the database wrote it. */
export type Reading<Viewer> = ((value: unknown, viewer: Viewer) => unknown) | null;

/** A composed expression, whose value is JSON. */
export interface Composed<Viewer> {
  readonly sql: Sql;
  readonly reading: Reading<Viewer>;
}

export function nullable<Viewer>(reading: Reading<Viewer>): Reading<Viewer> {
  return reading && ((value, viewer) => (value === null ? null : reading(value, viewer)));
}

export function onEach<Viewer>(reading: Reading<Viewer>): Reading<Viewer> {
  return reading && ((value, viewer) => (Array.isArray(value) ? value.map((one) => reading(one, viewer)) : []));
}

/** The reading of an object from those of its fields. */
export function together<Viewer>(
  fields: readonly { readonly key: string; readonly reading: Reading<Viewer> }[],
): Reading<Viewer> {
  const read = fields.flatMap(({ key, reading }) => (reading ? [{ key, reading }] : []));
  if (read.length === 0) return null;
  return (value, viewer) => {
    const object = asObject(value);
    for (const { key, reading } of read) object[key] = reading(object[key] ?? null, viewer);
    return object;
  };
}

/** Of a JSON value, what is asked of it, under the names it is asked by. */
export function pick(value: unknown, selected: SelectedField): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((one) => pick(one, selected));
  const from = asObject(value);
  const picked: Record<string, unknown> = {};
  for (const field of selected.selection.fields) {
    const found = field.name === '__typename' ? selected.type : (from[field.name] ?? null);
    picked[field.key] = field.selection.fields.length > 0 ? pick(found, field) : found;
  }
  return picked;
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new Error(`This should be an object: ${typeof value}`);
  return value as Record<string, unknown>;
}
