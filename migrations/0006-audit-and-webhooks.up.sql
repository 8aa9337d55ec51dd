-- Tables that only grow are kept in months, so that what is too old goes by dropping a month and not row by row
-- (docs/adr/0011-months.md). None of the partitions is a default one: beside it, PostgreSQL could not read the others one
-- after the other. The newest has no upper end instead, so a row always finds its place.

-- The partitions of a table from the oldest on, with their bounds as PostgreSQL writes them.
create function month_partitions(parent regclass) returns table (partition regclass, lower_bound text, upper_bound text)
language sql stable as $$
  select c.oid::regclass, bounds[1], bounds[2]
  from pg_inherits as i join pg_class as c on c.oid = i.inhrelid,
    regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \((.*)\) TO \((.*)\)') as bounds
  where i.inhparent = parent
  order by bounds[1] <> 'MINVALUE', length(bounds[1]), bounds[1]
$$;

create function add_month_partition(parent regclass, name text, lower_bound text, upper_bound text) returns void
language plpgsql as $$
begin
  execute format('create table %I (like %s including all)', name, parent);
  execute format('alter table %s attach partition %I for values from (%s) to (%s)', parent, name, lower_bound, upper_bound);
end $$;

create function end_month_partition(parent regclass, partition regclass, lower_bound text, upper_bound text) returns void
language plpgsql as $$
begin
  execute format('alter table %s detach partition %s', parent, partition);
  execute format('alter table %s attach partition %s for values from (%s) to (%s)', parent, partition, lower_bound, upper_bound);
end $$;

-- The audit log: one record for each event, written in the transaction of the command that caused it, chained by hash.

-- Writers take their turn here, late in their transaction, so the chain has no gap and no fork.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  sequence bigint not null,
  hash text not null
);
insert into audit_head (sequence, hash) values (0, repeat('0', 64));

create function audit_next_sequence() returns bigint language plpgsql as $$
declare head audit_head;
begin
  select * into head from audit_head for update;
  return head.sequence + 1;
end $$;

create table audit_record (
  -- given by a default and not by a trigger, because it says which partition the record is for
  sequence bigint primary key default audit_next_sequence(),
  id uuid not null,
  at timestamptz(3) not null,
  command text not null,
  event text not null,
  event_version integer not null,
  audience text not null check (audience in ('PARTNER', 'STAFF')),
  actor_kind text not null check (actor_kind in ('PERSON', 'MACHINE', 'SYSTEM')),
  actor_id uuid,
  actor_role text not null,
  organization_id uuid,
  application_id uuid,
  subject_kind text not null,
  subject_id uuid not null,
  -- text, not jsonb: the hash is over exactly these characters
  payload text not null,
  request_id text not null,
  previous_hash text not null,
  hash text not null
) partition by range (sequence);
create index audit_record_organization_index on audit_record (organization_id, sequence) where organization_id is not null;

create function audit_record_text(r audit_record) returns text language sql immutable as $$
  select jsonb_build_array(r.previous_hash, r.sequence, r.id, (extract(epoch from r.at) * 1000)::bigint, r.command, r.event, r.event_version,
    r.audience, r.actor_kind, r.actor_id, r.actor_role, r.organization_id, r.application_id, r.subject_kind, r.subject_id,
    r.payload, r.request_id)::text
$$;

create function audit_record_chain() returns trigger language plpgsql as $$
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
create trigger audit_record_chain before insert on audit_record for each row execute function audit_record_chain();

create function audit_record_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'audit records are never changed or removed' using errcode = 'restrict_violation';
end $$;
create trigger audit_record_is_final before update or delete on audit_record for each row execute function audit_record_is_final();
create trigger audit_record_is_kept before truncate on audit_record for each statement execute function audit_record_is_final();

-- What happened to applications, as they show it: copies of their audit records, kept as long as they are. Not in months,
-- so that a timeline is read by one index however long the log is. It has no foreign key, which would lock the application
-- after the head of the chain, and commands lock them the other way around.
create table timeline_event (
  sequence bigint primary key,
  id uuid not null,
  at timestamptz(3) not null,
  event text not null,
  audience text not null,
  actor_kind text not null,
  actor_id uuid,
  actor_role text not null,
  organization_id uuid,
  application_id uuid not null,
  payload text not null
);
create index timeline_event_application_index on timeline_event (application_id, sequence);
create trigger timeline_event_is_final before update or delete on timeline_event for each row execute function audit_record_is_final();
create trigger timeline_event_is_kept before truncate on timeline_event for each statement execute function audit_record_is_final();

create function audit_record_timeline() returns trigger language plpgsql as $$
begin
  insert into timeline_event (sequence, id, at, event, audience, actor_kind, actor_id, actor_role, organization_id, application_id, payload)
  values (new.sequence, new.id, new.at, new.event, new.audience, new.actor_kind, new.actor_id, new.actor_role, new.organization_id,
    new.application_id, new.payload);
  return null;
end $$;
create trigger audit_record_timeline after insert on audit_record for each row when (new.application_id is not null)
execute function audit_record_timeline();

-- Where the log begins once months of it were dropped: after this record. The signature is the portal's; signed again with
-- another key, it is another row.
create table audit_anchor (
  sequence bigint not null,
  hash text not null,
  first_sequence bigint not null,
  last_at timestamptz(3) not null,
  policy text not null,
  log text not null,
  at timestamptz(3) not null,
  signature text not null,
  primary key (sequence, signature)
);
create trigger audit_anchor_is_final before update or delete on audit_anchor for each row execute function audit_record_is_final();
create trigger audit_anchor_is_kept before truncate on audit_anchor for each statement execute function audit_record_is_final();

-- Ends the newest month after the last record there is and begins another, unless that month is this one. PostgreSQL looks
-- through the records of the month meanwhile, which takes a part of a second, and nobody reads or writes the log.
create function audit_begin_month(month date) returns void language plpgsql set lock_timeout = '3s' as $$
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

-- The one way for records to go: whole months, up to the one that an anchor ends, and none with a younger record in it.
create function audit_drop_months(through bigint, older_than timestamptz) returns setof text language plpgsql set lock_timeout = '3s' as $$
declare
  month record;
  name text;
  last_sequence bigint;
  youngest timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('months'));
  lock table audit_record in access exclusive mode;
  if not exists (select from audit_anchor as a join audit_record as r using (sequence, hash) where sequence = through) then
    raise exception 'no anchor names record %', through using errcode = 'restrict_violation';
  end if;
  for month in select * from month_partitions('audit_record') where upper_bound <> 'MAXVALUE' loop
    execute format('select max(sequence), max(at) from %s', month.partition) into last_sequence, youngest;
    exit when last_sequence > through;
    if youngest >= older_than then
      raise exception '% holds a record of %, which is to be kept', month.partition, youngest using errcode = 'restrict_violation';
    end if;
    name := month.partition;
    execute format('drop table %s', name);
    return next name;
    exit when last_sequence = through;
  end loop;
  if last_sequence is distinct from through then
    raise exception 'no month ends with record %', through using errcode = 'restrict_violation';
  end if;
end $$;

create table idempotency_key (
  actor text not null,
  key text not null,
  command text not null,
  fingerprint text not null,
  sealed_result text,
  created_at timestamptz(3) not null,
  primary key (actor, key)
);
create index idempotency_key_created_index on idempotency_key (created_at);

-- organization_id is null for the operator's own receivers, which hear of every organization.
create table webhook_endpoint (
  id uuid primary key,
  organization_id uuid references organization (id),
  url text not null,
  description text not null,
  event_types text[] not null,
  sealed_secret text not null,
  sealed_previous_secret text,
  previous_secret_until timestamptz(3),
  status text not null check (status in ('ENABLED', 'DISABLED', 'REMOVED')),
  status_reason text,
  created_by uuid not null references auth_user (id),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index webhook_endpoint_organization_index on webhook_endpoint (organization_id, id);

-- A delivery's id follows from its event and endpoint, so there is one however often the event is dispatched. It begins
-- with the time that the event's id begins with, which says in what month it is kept, and goes on with 74 bits of a hash,
-- in the form of a UUIDv8.
create function webhook_delivery_id(event_id uuid, endpoint_id uuid) returns uuid language sql immutable strict parallel safe as $$
  select encode(substr(uuid_send(event_id), 1, 6)
    || set_byte(set_byte(substr(hash, 1, 10), 0, get_byte(hash, 0) & 15 | 128), 2, get_byte(hash, 2) & 63 | 128), 'hex')::uuid
  from sha256(uuid_send(event_id) || uuid_send(endpoint_id)) as hash
$$;

create table webhook_delivery (
  id uuid primary key,
  endpoint_id uuid not null references webhook_endpoint (id),
  event_id uuid not null,
  event text not null,
  body text not null,
  status text not null check (status in ('PENDING', 'DELIVERED', 'FAILED', 'CANCELLED')),
  attempts integer not null default 0,
  -- failed attempts since it was created or replayed; says how long the next pause is
  failures integer not null default 0,
  next_attempt_at timestamptz(3),
  delivered_at timestamptz(3),
  created_at timestamptz(3) not null,
  constraint webhook_delivery_once check (id = webhook_delivery_id(event_id, endpoint_id))
) partition by range (id);
create index webhook_delivery_endpoint_index on webhook_delivery (endpoint_id, id);
create index webhook_delivery_pending_index on webhook_delivery (next_attempt_at) where status = 'PENDING';

-- Attempts are kept in the months of their deliveries; each month of them has its foreign key to that month.
create table webhook_attempt (
  delivery_id uuid not null,
  number integer not null,
  at timestamptz(3) not null,
  duration_ms integer not null,
  status_code integer,
  failure text,
  response_excerpt text,
  primary key (delivery_id, number)
) partition by range (delivery_id);

create function webhook_add_month(name text, lower_bound text, upper_bound text) returns void language plpgsql as $$
begin
  perform add_month_partition('webhook_delivery', 'webhook_delivery_' || name, lower_bound, upper_bound);
  perform add_month_partition('webhook_attempt', 'webhook_attempt_' || name, lower_bound, upper_bound);
  execute format('alter table %I add foreign key (delivery_id) references %I (id)', 'webhook_attempt_' || name, 'webhook_delivery_' || name);
end $$;

-- The least UUIDv7 of a month, and the month that an id begins with.
create function first_id_of_month(month date) returns uuid language sql immutable strict as $$
  select (lpad(to_hex((extract(epoch from month::timestamp) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;
create function month_of_id(id uuid) returns date language sql immutable strict as $$
  select date_trunc('month', timestamp 'epoch' + ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint * interval '1 millisecond')::date
$$;

-- Begins this month and the next three. A month that holds later deliveries, because none had been begun for them, keeps
-- them and ends after them; months that have gone by meanwhile are not begun.
create function webhook_begin_months(this_month date) returns void language plpgsql set lock_timeout = '3s' as $$
declare
  newest record;
  latest uuid;
  next_month date;
  bound text;
begin
  perform pg_advisory_xact_lock(hashtext('months'));
  loop
    select *, trim('''' from lower_bound)::uuid as lower_id into newest from month_partitions('webhook_delivery') where upper_bound = 'MAXVALUE';
    execute format('select id from %s order by id desc limit 1', newest.partition) into latest;
    next_month := greatest(month_of_id(greatest(newest.lower_id, latest)) + interval '1 month', this_month);
    exit when next_month > this_month + interval '3 months';
    bound := quote_literal(first_id_of_month(next_month));
    perform end_month_partition('webhook_delivery', newest.partition, newest.lower_bound, bound);
    perform end_month_partition('webhook_attempt', replace(newest.partition::text, 'delivery', 'attempt')::regclass, newest.lower_bound, bound);
    perform webhook_add_month(to_char(next_month, 'YYYY_MM'), bound, 'maxvalue');
  end loop;
end $$;

create function webhook_months_before(month date) returns table (partition regclass, upper_bound text) language sql stable as $$
  select p.partition, p.upper_bound from month_partitions('webhook_delivery') as p
  where trim('''' from nullif(p.upper_bound, 'MAXVALUE'))::uuid <= first_id_of_month(month)
$$;

-- Drops the months before this one with deliveries and attempts, up to one in which something is still to be delivered.
-- What is earlier than all months goes with the first of them.
create function webhook_drop_months(before date) returns setof text language plpgsql set lock_timeout = '3s' as $$
declare
  month record;
  name text;
  is_pending boolean;
  kept_from text;
begin
  perform pg_advisory_xact_lock(hashtext('months'));
  if (select count(*) < 2 from webhook_months_before(before)) then
    return;
  end if;
  lock table webhook_delivery, webhook_attempt in access exclusive mode;
  for month in select * from webhook_months_before(before) loop
    execute format('select exists (select from %s where status = ''PENDING'')', month.partition) into is_pending;
    exit when is_pending;
    name := month.partition;
    execute format('drop table %s, %s', replace(name, 'delivery', 'attempt'), name);
    kept_from := month.upper_bound;
    return next name;
  end loop;
  if kept_from is not null then
    perform webhook_add_month('earlier', 'minvalue', kept_from);
  end if;
end $$;

-- Begins the months that may be needed soon; called by this migration, at every start of a worker and every day.
create function begin_months(now timestamptz) returns void language plpgsql as $$
declare this_month date := date_trunc('month', now at time zone 'UTC');
begin
  perform webhook_begin_months(this_month);
  -- last, because commands wait from here to the end
  perform audit_begin_month(this_month);
end $$;

select webhook_add_month('earlier', 'minvalue', quote_literal(first_id_of_month(date_trunc('month', now() at time zone 'UTC')::date)));
select webhook_add_month(to_char(now() at time zone 'UTC', 'YYYY_MM'), quote_literal(first_id_of_month(date_trunc('month', now() at time zone 'UTC')::date)), 'maxvalue');
select begin_months(now());

-- One message to one recipient about one event.
create table notification (
  id uuid primary key,
  event_id uuid,
  recipient text not null,
  subject text not null,
  sealed_body text not null,
  status text not null check (status in ('PENDING', 'SENT', 'FAILED')),
  tries integer not null default 0,
  failure text,
  created_at timestamptz(3) not null,
  sent_at timestamptz(3),
  unique (event_id, recipient)
);
create index notification_done_index on notification (created_at) where status <> 'PENDING';
