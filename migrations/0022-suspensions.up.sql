-- Why grants are suspended. Causes stack: to lift one leaves the others, and a grant is SUSPENDED exactly while one is open.

create table grant_suspension (
  id uuid primary key,
  grant_id uuid not null references access_grant (id),
  cause text not null check (cause in ('STAFF', 'RELEASE', 'REVIEW', 'TERMS', 'RECERTIFICATION')),
  -- what the partner reads
  reason text not null,
  since_at timestamptz(3) not null,
  -- null for the portal itself
  since_by uuid references auth_user (id),
  lifted_at timestamptz(3),
  lifted_by uuid references auth_user (id),
  lifted_reason text,
  check ((lifted_at is null) = (lifted_reason is null)),
  check (lifted_at is not null or lifted_by is null),
  check (lifted_at >= since_at)
);
create unique index grant_suspension_open_unique on grant_suspension (grant_id, cause) where lifted_at is null;
create index grant_suspension_grant_index on grant_suspension (grant_id);

-- Until now a grant had one reason. Who suspended it tells the cause; the portal itself did so for releases and reviews.
insert into grant_suspension (id, grant_id, cause, reason, since_at, since_by)
select gen_random_uuid(), id,
  case when suspended_by is not null then 'STAFF' when status_reason like '%by order of an authority%' then 'RELEASE' else 'REVIEW' end,
  coalesce(status_reason, ''), updated_at, suspended_by
from access_grant where status = 'SUSPENDED';
alter table access_grant drop column suspended_by;

-- A release shuts suspended grants, too: it is one more cause.
drop index access_grant_product_index;
create index access_grant_product_index on access_grant (product_code, permitted_at, id) where status in ('PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED');
