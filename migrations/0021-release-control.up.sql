-- How far products are released: what the operator states of each, and what authorities order.

create table product (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  stated_status text not null check (stated_status in ('HALTED', 'LIMITED', 'GENERAL')),
  -- a change of it that waits for a second person
  proposed_status text check (proposed_status in ('HALTED', 'LIMITED', 'GENERAL')),
  proposed_reason text,
  proposed_by uuid references auth_user (id),
  proposed_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check ((proposed_status is null) = (proposed_by is null) and (proposed_status is null) = (proposed_at is null))
);

-- Programs named their products before there were any. Where two gave one code different names, the older stands.
insert into product (id, code, name, stated_status, created_at, updated_at)
select gen_random_uuid(), product_code, product_name, 'LIMITED', created_at, created_at
from (select distinct on (product_code) product_code, product_name, created_at from program order by product_code, created_at, id) as named;
alter table program add constraint program_product_fk foreign key (product_code) references product (code);
create index program_product_index on program (product_code);
alter table program drop column product_name;

create table authority (
  id uuid primary key,
  name text not null unique,
  jurisdiction text not null,
  created_at timestamptz(3) not null
);

create table directive (
  id uuid primary key,
  authority_id uuid not null references authority (id),
  -- the authority's own
  reference text not null,
  kind text not null check (kind in ('HALT', 'AUTHORIZE', 'AMEND', 'RESCIND', 'DESIGNATE')),
  summary text not null,
  status text not null check (status in ('RECORDED', 'IN_FORCE', 'WITHDRAWN')),
  changes_id uuid references directive (id),
  issued_at timestamptz(3) not null,
  received_at timestamptz(3) not null,
  effective_at timestamptz(3) not null,
  -- what it lays down; null for one that only takes another back
  terms jsonb,
  expires_at timestamptz(3),
  review_at timestamptz(3),
  letter_sha256 text check (letter_sha256 ~ '^[0-9a-f]{64}$'),
  recorded_by uuid not null references auth_user (id),
  recorded_at timestamptz(3) not null,
  put_in_force_by uuid references auth_user (id),
  in_force_since timestamptz(3),
  is_emergency boolean not null,
  ratify_by timestamptz(3),
  ratified_by uuid references auth_user (id),
  ratified_at timestamptz(3),
  escalated_at timestamptz(3),
  withdrawn_reason text,
  version integer not null default 1,
  updated_at timestamptz(3) not null,
  unique (authority_id, reference),
  check ((kind in ('AMEND', 'RESCIND')) = (changes_id is not null)),
  check ((kind = 'RESCIND') = (terms is null)),
  check ((status = 'IN_FORCE') = (in_force_since is not null)),
  -- halting takes one person, everything else two; once more, where no code can forget it
  constraint directive_four_eyes check (put_in_force_by is null or put_in_force_by <> recorded_by or (is_emergency and kind = 'HALT')),
  constraint directive_ratified_by_another check (ratified_by is null or ratified_by <> recorded_by),
  -- an emergency halt never lifts itself
  check (not is_emergency or expires_at is null)
);
create index directive_changes_index on directive (changes_id) where changes_id is not null;
create index directive_unratified_index on directive (ratify_by) where is_emergency and ratified_at is null and escalated_at is null;

-- The names that a letter prints, and whose they are.
create table directive_entry (
  id uuid primary key,
  directive_id uuid not null references directive (id),
  position integer not null,
  printed_name text not null,
  effect text not null check (effect in ('PERMITS', 'EXCLUDES')),
  status text not null check (status in ('UNMATCHED', 'MATCHED', 'DISPUTED')),
  organization_id uuid references organization (id),
  evidence text,
  matched_by uuid references auth_user (id),
  matched_at timestamptz(3),
  version integer not null default 1,
  unique (directive_id, position),
  check ((status = 'MATCHED') = (organization_id is not null))
);
create index directive_entry_organization_index on directive_entry (organization_id) where organization_id is not null;

-- From such a moment on, a grant of the product, or of the organization, counts only if it was found to be permitted
-- later. So a halt shuts every grant by one row, before any of them is marked.
create table release_narrowing (
  product_code text references product (code),
  organization_id uuid references organization (id),
  from_at timestamptz(3) not null,
  check (num_nonnulls(product_code, organization_id) >= 1)
);
create index release_narrowing_product_index on release_narrowing (product_code, from_at) where organization_id is null;
create index release_narrowing_organization_index on release_narrowing (organization_id, from_at) where organization_id is not null;

alter table access_grant
  add column product_code text,
  -- when it was last found that its product's release permits it
  add column permitted_at timestamptz(3),
  -- the directives that permit it; empty where none binds the product
  add column permitted_by jsonb not null default '[]';
update access_grant as g set product_code = p.product_code, permitted_at = g.created_at from program as p where p.id = g.program_id;
alter table access_grant
  alter column product_code set not null,
  alter column permitted_at set not null,
  alter column permitted_by drop default,
  add constraint access_grant_product_fk foreign key (product_code) references product (code);
create index access_grant_product_index on access_grant (product_code, permitted_at, id) where status in ('PENDING_PROVISIONING', 'ACTIVE');
