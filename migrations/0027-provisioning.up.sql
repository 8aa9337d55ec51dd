-- Systems that open and close access in products, what each is to do, and what came of it.

create table provisioning_system (
  id uuid primary key,
  name text not null unique,
  -- the key that it calls with; it can be given another one
  api_key_id uuid not null unique references api_key (id),
  product_codes text[] not null,
  duties text[] not null check (duties <@ array['PROVISION', 'READ_BACK']),
  is_active boolean not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

-- How long it may take to close access to a product, and to open it.
alter table product
  add column close_within_minutes integer not null default 60 check (close_within_minutes between 1 and 43200),
  add column open_within_minutes integer not null default 1440 check (open_within_minutes between 1 and 43200);

create table provisioning_task (
  id uuid primary key,
  grant_id uuid not null references access_grant (id),
  product_code text not null references product (code),
  kind text not null check (kind in ('PROVISION', 'CHANGE', 'DEPROVISION')),
  status text not null check (status in ('OPEN', 'CLAIMED', 'DONE', 'VERIFIED', 'CONTRADICTED', 'CANCELLED')),
  -- the directives by which access is to be closed; empty when it is for another reason
  directive_ids uuid[] not null,
  -- since when it should be so: for a halt, since it is in force
  since_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  -- it is not handed out before: a time to wait after a failure, or a lease
  ready_at timestamptz(3) not null,
  attempts integer not null,
  -- who has it, or did it
  system_id uuid references provisioning_system (id),
  claimed_until timestamptz(3),
  reference text,
  finished_at timestamptz(3),
  failed_at timestamptz(3),
  failure_reason text,
  escalated_at timestamptz(3),
  read_back_by uuid references provisioning_system (id),
  read_back_at timestamptz(3),
  version integer not null default 1,
  updated_at timestamptz(3) not null,
  check ((status = 'CLAIMED') = (claimed_until is not null)),
  check ((status in ('DONE', 'VERIFIED', 'CONTRADICTED')) = (finished_at is not null)),
  check ((status in ('VERIFIED', 'CONTRADICTED')) = (read_back_at is not null)),
  check ((read_back_at is null) = (read_back_by is null)),
  -- nobody verifies their own work, once more, where no code can forget it
  constraint provisioning_task_read_back_by_another check (read_back_by <> system_id)
);
-- one thing to do at a time with a grant
create unique index provisioning_task_open_unique on provisioning_task (grant_id) where status in ('OPEN', 'CLAIMED');
create index provisioning_task_grant_index on provisioning_task (grant_id, created_at, id);
create index provisioning_task_claim_index on provisioning_task (product_code, (kind <> 'DEPROVISION'), created_at, id)
  where status in ('OPEN', 'CLAIMED');
create index provisioning_task_due_index on provisioning_task (due_at) where status in ('OPEN', 'CLAIMED') and escalated_at is null;
create index provisioning_task_finished_index on provisioning_task (finished_at) where finished_at is not null;
create index provisioning_task_directive_index on provisioning_task using gin (directive_ids) where directive_ids <> '{}';

-- What was to be done, or was done, before there were tasks.
insert into provisioning_task (id, grant_id, product_code, kind, status, directive_ids, since_at, created_at, due_at, ready_at, attempts,
  finished_at, updated_at)
select gen_random_uuid(), id, product_code, 'PROVISION', 'DONE', '{}', created_at, created_at, created_at + interval '1 day', created_at, 1,
  provisioned_at, provisioned_at
from access_grant where provisioned_at is not null;
insert into provisioning_task (id, grant_id, product_code, kind, status, directive_ids, since_at, created_at, due_at, ready_at, attempts,
  updated_at)
select gen_random_uuid(), id, product_code, case status when 'PENDING_PROVISIONING' then 'PROVISION' else 'DEPROVISION' end, 'OPEN', '{}',
  updated_at, updated_at, updated_at + case status when 'PENDING_PROVISIONING' then interval '1 day' else interval '1 hour' end, updated_at, 0,
  updated_at
from access_grant
where status = 'PENDING_PROVISIONING' or (status <> 'ACTIVE' and provisioned_at is not null and deprovisioned_at is null);
