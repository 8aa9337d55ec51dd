import type { MikroORM } from '@mikro-orm/core';
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/postgresql';
import type { Kysely } from 'kysely';

/** MikroORM on either database; what is written against it runs on both. */
export type Orm = MikroORM<AbstractSqlDriver, SqlEntityManager<AbstractSqlDriver>>;

/** MikroORM's unit of work; one per request or job, made by `inTransaction` or `orm.em.fork()`. */
export type Em = SqlEntityManager<AbstractSqlDriver>;

/**
 * Raw SQL on the connection that MikroORM uses. The type knows no tables on purpose: only the `sql` tag works with it,
 * and each statement says what its rows look like. Dates come back as PostgreSQL's text, as MikroORM wants them.
 */
export type RawSql = Kysely<Record<string, never>>;
