-- Commands given on many applications at once: what was asked, and what came of each.

create table bulk_operation (
  id uuid primary key,
  kind text not null check (kind in ('ASSIGN', 'START_REVIEW', 'ADVANCE_STAGE', 'REQUEST_INFORMATION', 'PROPOSE_DECISION', 'COUNTERSIGN')),
  input jsonb not null,
  status text not null check (status in ('RUNNING', 'FINISHED', 'CANCELLED')),
  requested_by uuid not null references auth_user (id),
  requested_at timestamptz(3) not null,
  ended_at timestamptz(3),
  version integer not null default 1,
  check ((ended_at is null) = (status = 'RUNNING'))
);
create index bulk_operation_requested_by_index on bulk_operation (requested_by, id);
create index bulk_operation_running_index on bulk_operation (id) where status = 'RUNNING';

create table bulk_item (
  id uuid primary key,
  operation_id uuid not null references bulk_operation (id),
  position integer not null,
  -- As it was given: it need not be there, nor be seen by whoever gave it.
  application_id uuid not null,
  decision_id uuid,
  outcome text not null check (outcome in ('WAITING', 'DONE', 'REFUSED', 'CANCELLED')),
  problems jsonb not null,
  tried_at timestamptz(3),
  unique (operation_id, position),
  unique (operation_id, application_id)
);
create index bulk_item_waiting_index on bulk_item (operation_id, position) where outcome = 'WAITING';
