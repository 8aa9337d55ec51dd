import type { Client } from 'pg';

/** Of the rows that a command wrote, what does not differ from one time to the next. How far a version goes up may. */
const effects = `select
  (select to_jsonb(a) - '{updated_at,submitted_at,stage_entered_at,due_at,version}'::text[] || jsonb_build_object(
      'entered', a.stage_entered_at = a.updated_at, 'submitted', a.submitted_at = a.updated_at, 'due', a.due_at > a.updated_at)
    from application as a where id = $1) as application,
  (select jsonb_agg(to_jsonb(c) - '{id,started_at,ended_at,due_at,warn_at,decision_due_at,decision_warn_at,notice_at}'::text[]
      || jsonb_build_object('isOpen', ended_at is null, 'deadlines', c.notice_at = least(due_at, warn_at, decision_due_at, decision_warn_at)) order by started_at)
    from clock_interval as c where application_id = $1) as intervals,
  (select jsonb_agg(to_jsonb(r) - '{id,submitted_at}'::text[] order by number) from application_revision as r where application_id = $1) as revisions,
  (select jsonb_agg(to_jsonb(r) - '{sequence,id,at,request_id,previous_hash,hash}'::text[] order by sequence)
    from audit_record as r where sequence in (select sequence from timeline_event where application_id = $1)) as records,
  (select jsonb_agg(to_jsonb(e) - '{sequence,id,at}'::text[] order by sequence) from timeline_event as e where application_id = $1) as timeline,
  (select jsonb_agg(to_jsonb(j) - '{id,data,start_after,created_on,keep_until}'::text[] || jsonb_build_object('keeps', keep_until - created_on,
      'tellsOf', (select jsonb_agg(r.event) from audit_record as r where j.data -> 'eventIds' ? r.id::text)))
    from pgboss.job as j) as jobs`;

/** Everything that a command on this application left in the database. */
export async function readEffects(client: Client, applicationId: string): Promise<object> {
  const { rows } = await client.query<object>(effects, [applicationId]);
  return rows[0] ?? {};
}
