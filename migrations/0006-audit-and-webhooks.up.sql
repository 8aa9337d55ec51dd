-- The audit log: one record for each event, written in the transaction of the command that caused it, chained by hash.

create table audit_record (
  sequence bigint primary key,
  id uuid not null unique,
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
);
create index audit_record_application_index on audit_record (application_id, sequence) where application_id is not null;
create index audit_record_organization_index on audit_record (organization_id, sequence) where organization_id is not null;
create index audit_record_subject_index on audit_record (subject_id, sequence);

-- Writers take their turn here, late in their transaction, so the chain has no gap and no fork.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  sequence bigint not null,
  hash text not null
);
insert into audit_head (sequence, hash) values (0, repeat('0', 64));

create function audit_record_text(r audit_record) returns text language sql immutable as $$
  select jsonb_build_array(r.previous_hash, r.sequence, r.id, (extract(epoch from r.at) * 1000)::bigint, r.command, r.event, r.event_version,
    r.audience, r.actor_kind, r.actor_id, r.actor_role, r.organization_id, r.application_id, r.subject_kind, r.subject_id,
    r.payload, r.request_id)::text
$$;

create function audit_record_chain() returns trigger language plpgsql as $$
declare head audit_head;
begin
  update audit_head set sequence = sequence + 1 returning * into head;
  new.sequence := head.sequence;
  new.previous_hash := head.hash;
  new.hash := encode(sha256(convert_to(audit_record_text(new), 'UTF8')), 'hex');
  update audit_head set hash = new.hash;
  return new;
end $$;
create trigger audit_record_chain before insert on audit_record for each row execute function audit_record_chain();

create function audit_record_is_final() returns trigger language plpgsql as $$
begin
  raise exception 'audit records are never changed or removed' using errcode = 'restrict_violation';
end $$;
create trigger audit_record_is_final before update or delete on audit_record for each row execute function audit_record_is_final();
create trigger audit_record_is_kept before truncate on audit_record for each statement execute function audit_record_is_final();

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
  unique (endpoint_id, event_id)
);
create index webhook_delivery_endpoint_index on webhook_delivery (endpoint_id, id);
create index webhook_delivery_pending_index on webhook_delivery (next_attempt_at) where status = 'PENDING';

create table webhook_attempt (
  id uuid primary key,
  delivery_id uuid not null references webhook_delivery (id),
  number integer not null,
  at timestamptz(3) not null,
  duration_ms integer not null,
  status_code integer,
  failure text,
  response_excerpt text
);
create unique index webhook_attempt_number_unique on webhook_attempt (delivery_id, number);

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
