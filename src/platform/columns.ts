import { p } from '@mikro-orm/core';

/** Column shapes that every entity shares, so that they are spelt once. */

/** The primary key: a UUIDv7 given by the portal, never by the database. */
export const key = () => p.uuid().primary();

/** A moment in UTC, kept to the millisecond. */
export const moment = () => p.datetime().length(3);

/** Counts the writes to a row; commands given with a stale `expectedVersion` are refused. */
export const version = () => p.integer().version();

/** A list of words, in PostgreSQL a text[]. */
export const words = <T extends string>() => p.array<T>().columnType('text[]');

/** A list of ids, in PostgreSQL a uuid[]. */
export const keys = () => p.array<string>().columnType('uuid[]');
