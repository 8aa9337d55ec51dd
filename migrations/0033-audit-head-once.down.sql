create or replace function audit_record_text(r audit_record) returns text language sql immutable as $$
  select jsonb_build_array(r.previous_hash, r.sequence,
    encode(sha256(convert_to(audit_content_text(r), 'UTF8')), 'hex'))::text
$$;
create or replace function audit_content_text(r audit_record) returns text language sql immutable as $$
  select jsonb_build_array(r.id, (extract(epoch from r.at) * 1000)::bigint, r.command, r.event, r.event_version, r.audience,
    r.actor_kind, r.actor_id, r.actor_role, r.organization_id, r.application_id, r.subject_kind, r.subject_id, r.payload,
    r.request_id)::text
$$;
drop trigger audit_head_follows on audit_record;
do $$
declare month record;
begin
  for month in select * from month_partitions('audit_record') loop
    execute format('drop trigger audit_head_follows on %s', month.partition);
  end loop;
end $$;
create or replace function audit_begin_month(month date) returns void language plpgsql set lock_timeout = '3s' as $$
declare
  newest record;
  began timestamp;
  next_sequence bigint;
  name text := 'audit_record_' || to_char(month, 'YYYY_MM');
begin
  perform pg_advisory_xact_lock(hashtext('months'));
  select * into newest from month_partitions('audit_record') where upper_bound = 'MAXVALUE';
  if found then
    -- by the earlier of its ends, because a clock may have been wrong for a moment
    execute format('select least((select at from %1$s order by sequence limit 1), (select at from %1$s order by sequence desc limit 1))
      at time zone ''UTC''', newest.partition) into began;
    if began is null or date_trunc('month', began) >= month then
      return;
    end if;
    lock table audit_record in access exclusive mode;
    select sequence + 1 into next_sequence from audit_head;
    if to_regclass(name) is not null then
      name := name || '_from_' || next_sequence;
    end if;
    perform end_month_partition('audit_record', newest.partition, newest.lower_bound, next_sequence::text);
  end if;
  perform add_month_partition('audit_record', name, coalesce(next_sequence::text, 'minvalue'), 'maxvalue');
  execute format('alter table %I add unique (id)', name);
  execute format('create trigger audit_record_is_kept before truncate on %I for each statement execute function audit_record_is_final()', name);
end $$;
create or replace function audit_next_sequence() returns bigint language plpgsql as $$
declare head audit_head;
begin
  select * into head from audit_head for update;
  return head.sequence + 1;
end $$;
create or replace function audit_record_chain() returns trigger language plpgsql as $$
declare head audit_head;
begin
  select * into head from audit_head;
  new.previous_hash := head.hash;
  new.hash := encode(sha256(convert_to(audit_record_text(new), 'UTF8')), 'hex');
  update audit_head set sequence = new.sequence, hash = new.hash where sequence = head.sequence and sequence = new.sequence - 1;
  if not found then
    raise exception 'record % cannot follow record %', new.sequence, head.sequence using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
drop function audit_head_follows();
drop function audit_chain_position();
drop function audit_chain_moves(bigint, text, bigint);
