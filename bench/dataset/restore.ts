import type { Client } from 'pg';

/**
 * Brings back what commands have changed, so that each server finds the same applications in the same state. What is
 * brought back is what the seeding kept of the candidates; everything else no command touches.
 */
export async function restore(client: Client): Promise<void> {
  const columns = await columnsOf(client, 'application', 'bench.application_before');
  const ofInterval = (await columnsOf(client, 'clock_interval', 'bench.clock_interval_before')).join(', ');
  await client.query('begin');
  await client.query(`create temp table changed on commit drop as
    select a.id from application as a join bench.application_before as b using (id)
    where a.version <> b.version or a.updated_at <> b.updated_at`);
  await client.query('analyze changed');
  const isChanged = 'application_id in (select id from changed)';
  await client.query(`delete from clock_interval where ${isChanged}`);
  await client.query(`insert into clock_interval (${ofInterval})
    select ${ofInterval} from bench.clock_interval_before where ${isChanged}`);
  await client.query(`delete from application_revision as r using bench.application_before as b
    where r.${isChanged} and b.id = r.application_id and r.number > b.revision`);
  await client.query(`update application as a set ${columns.map((name) => `${name} = b.${name}`).join(', ')}
    from bench.application_before as b where b.id = a.id and a.id in (select id from changed)`);
  for (const table of ['audit_record', 'timeline_event']) {
    await client.query(`alter table ${table} disable trigger ${table}_is_final`);
    await client.query(`delete from ${table} where sequence > (select sequence from bench.audit_head_before)`);
    await client.query(`alter table ${table} enable trigger ${table}_is_final`);
  }
  await client.query(
    'update audit_head as h set sequence = b.sequence, hash = b.hash from bench.audit_head_before as b',
  );
  await client.query('commit');
  await client.query('truncate pgboss.job');
  await client.query(
    'vacuum application, application_revision, clock_interval, audit_record, audit_head, timeline_event',
  );
}

/** The columns of a table that its copy has, too; a migration may have added others since. */
async function columnsOf(client: Client, table: string, copy: string): Promise<readonly string[]> {
  const columns = `select attname from pg_attribute where attnum > 0 and not attisdropped and attgenerated = '' and attrelid`;
  const found = await client.query<{ name: string }>(
    `select quote_ident(attname) as name from (${columns} = $1::regclass intersect ${columns} = $2::regclass) as both_have`,
    [table, copy],
  );
  return found.rows.map(({ name }) => name);
}
