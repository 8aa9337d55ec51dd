-- Flags, who of the staff is away when, and who was given which application.

-- What can be raised on organizations and applications.
create table flag_definition (
  id uuid primary key,
  key text not null,
  label text not null,
  colour text not null check (colour in ('GREY', 'BLUE', 'TEAL', 'GREEN', 'YELLOW', 'ORANGE', 'RED', 'PURPLE')),
  description text not null,
  -- when it stopped being raised; what was raised before stays until it is lowered
  retired_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint flag_definition_key unique (key)
);

-- One row each time that a flag is raised; lowered, never deleted. One that has expired counts no more, lowered or not.
create table flag (
  id uuid primary key,
  definition_id uuid not null references flag_definition (id),
  -- whose it is; of one on an application, the organization that applies
  organization_id uuid not null references organization (id),
  -- null for one on the organization itself
  application_id uuid references application (id),
  reason text not null,
  -- the key of the routing rule that raised it; null when somebody did
  rule_key text,
  raised_by uuid references auth_user (id),
  raised_at timestamptz(3) not null,
  expires_at timestamptz(3),
  lowered_at timestamptz(3),
  -- null when it expired
  lowered_by uuid references auth_user (id),
  lowered_reason text,
  version integer not null default 1,
  check ((rule_key is null) <> (raised_by is null))
);
create index flag_application_index on flag (application_id, id) where application_id is not null;
create index flag_organization_index on flag (organization_id, id) where application_id is null;
create index flag_expiry_index on flag (expires_at) where lowered_at is null and expires_at is not null;
create unique index flag_raised_once on flag (definition_id, organization_id, application_id) nulls not distinct where lowered_at is null;

-- When a member of staff is given no work.
create table away_period (
  id uuid primary key,
  staff_id uuid not null references staff_member (id),
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  note text,
  set_by uuid not null references auth_user (id),
  set_at timestamptz(3) not null,
  cancelled_at timestamptz(3),
  version integer not null default 1,
  check (starts_at < ends_at)
);
create index away_period_staff_index on away_period (staff_id, ends_at) where cancelled_at is null;

-- Who was given an application when: work goes to whoever has the least, and then to whoever has waited longest.
create table assignment (
  id uuid primary key,
  application_id uuid not null references application (id),
  staff_id uuid not null references staff_member (id),
  stage_key text,
  cause text not null check (cause in ('RULE', 'ASSIGNED', 'CLAIMED')),
  rule_key text,
  assigned_by uuid references auth_user (id),
  assigned_at timestamptz(3) not null,
  check ((cause = 'RULE') = (rule_key is not null))
);
create index assignment_staff_index on assignment (staff_id, assigned_at desc);
create index assignment_application_index on assignment (application_id, id);

-- How many applications somebody has in hand, without those that were decided.
create index application_in_hand_index on application (assignee_id) where assignee_id is not null and queue is not null;
