-- A statement that writes many audit records moves the head of the chain once, at its end, and not with each record: a
-- row that is changed 500 times in one transaction has as many versions to walk through. Between the records of a
-- statement, where the chain stands is kept in a setting of the transaction, which ends and is rolled back with it:
-- `sequence hash` of the last record, and the sequence at which the statement found the head.

create function audit_chain_position() returns text[] language plpgsql as $$
declare
  known text := current_setting('sallyport.audit_chain', true);
  head audit_head;
begin
  if known <> '' then
    return string_to_array(known, ' ');
  end if;
  select * into strict head from audit_head for update;
  return audit_chain_moves(head.sequence, head.hash, head.sequence);
end $$;

create function audit_chain_moves(sequence bigint, hash text, found_at bigint) returns text[] language plpgsql as $$
begin
  perform set_config('sallyport.audit_chain', sequence || ' ' || hash || ' ' || found_at, true);
  return array[sequence::text, hash, found_at::text];
end $$;

create or replace function audit_next_sequence() returns bigint language plpgsql as $$
begin
  return (audit_chain_position())[1]::bigint + 1;
end $$;

create or replace function audit_record_chain() returns trigger language plpgsql as $$
declare
  chain text[] := audit_chain_position();
begin
  if new.sequence <> chain[1]::bigint + 1 then
    raise exception 'record % cannot follow record %', new.sequence, chain[1] using errcode = 'restrict_violation';
  end if;
  new.previous_hash := chain[2];
  new.hash := encode(sha256(convert_to(audit_record_text(new), 'UTF8')), 'hex');
  perform audit_chain_moves(new.sequence, new.hash, chain[3]::bigint);
  return new;
end $$;

create function audit_head_follows() returns trigger language plpgsql as $$
declare
  chain text[];
begin
  if current_setting('sallyport.audit_chain', true) <> '' then
    chain := audit_chain_position();
    update audit_head set sequence = chain[1]::bigint, hash = chain[2] where sequence = chain[3]::bigint;
    if not found then
      raise exception 'the audit log has gone on from record % meanwhile', chain[3] using errcode = 'restrict_violation';
    end if;
    perform set_config('sallyport.audit_chain', '', true);
  end if;
  return null;
end $$;
create trigger audit_head_follows after insert on audit_record for each statement execute function audit_head_follows();

-- A record that is written into a partition by its name is one of the log as well.
do $$
declare month record;
begin
  for month in select * from month_partitions('audit_record') loop
    execute format('create trigger audit_head_follows after insert on %s for each statement execute function audit_head_follows()', month.partition);
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
  execute format('create trigger audit_head_follows after insert on %I for each statement execute function audit_head_follows()', name);
end $$;

-- The same texts, said by a language that keeps their plan.
create or replace function audit_content_text(r audit_record) returns text language plpgsql immutable as $$
begin
  return jsonb_build_array(r.id, (extract(epoch from r.at) * 1000)::bigint, r.command, r.event, r.event_version, r.audience,
    r.actor_kind, r.actor_id, r.actor_role, r.organization_id, r.application_id, r.subject_kind, r.subject_id, r.payload,
    r.request_id)::text;
end $$;

create or replace function audit_record_text(r audit_record) returns text language plpgsql immutable as $$
begin
  return jsonb_build_array(r.previous_hash, r.sequence,
    encode(sha256(convert_to(audit_content_text(r), 'UTF8')), 'hex'))::text;
end $$;
