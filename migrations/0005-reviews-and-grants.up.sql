-- What staff think and decide, and the grants that follow.

create table recommendation (
  id uuid primary key,
  application_id uuid not null references application (id),
  revision integer not null,
  stage_key text not null,
  reviewer_id uuid not null references auth_user (id),
  -- the staff role in which it was given, and counts
  role text not null,
  kind text not null check (kind in ('APPROVE', 'APPROVE_WITH_CONDITIONS', 'REFUSE', 'NO_OPINION')),
  comment text not null,
  conditions jsonb not null,
  recommended_at timestamptz(3) not null,
  superseded_at timestamptz(3)
);
create unique index recommendation_standing_unique on recommendation (application_id, revision, stage_key, reviewer_id) where superseded_at is null;

create table recusal (
  id uuid primary key,
  organization_id uuid not null references organization (id),
  application_id uuid not null references application (id),
  user_id uuid not null references auth_user (id),
  reason text not null,
  declared_at timestamptz(3) not null,
  unique (organization_id, user_id)
);

create table decision (
  id uuid primary key,
  application_id uuid not null references application (id),
  on_appeal boolean not null,
  outcome text not null check (outcome in ('APPROVE', 'APPROVE_WITH_CONDITIONS', 'REFUSE')),
  reasons jsonb not null,
  conditions jsonb not null,
  internal_note text not null,
  status text not null check (status in ('PROPOSED', 'COUNTERSIGNED', 'DECLINED', 'LAPSED')),
  proposed_by uuid not null references auth_user (id),
  proposed_at timestamptz(3) not null,
  countersigned_by uuid references auth_user (id),
  countersigned_at timestamptz(3),
  declined_reason text,
  version integer not null default 1,
  -- four eyes, once more, where no code can forget it
  constraint decision_four_eyes check (countersigned_by is null or countersigned_by <> proposed_by),
  check ((status in ('COUNTERSIGNED', 'DECLINED')) = (countersigned_by is not null))
);
create index decision_application_index on decision (application_id, id);
create unique index decision_proposed_unique on decision (application_id) where status = 'PROPOSED';

create sequence access_grant_reference_sequence;

create table access_grant (
  id uuid primary key,
  reference text not null unique,
  application_id uuid not null references application (id),
  decision_id uuid not null unique references decision (id),
  organization_id uuid not null references organization (id),
  program_id uuid not null references program (id),
  status text not null check (status in ('PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED', 'EXPIRED', 'REVOKED', 'SURRENDERED')),
  conditions jsonb not null,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  provisioned_at timestamptz(3),
  deprovisioned_at timestamptz(3),
  suspended_by uuid references auth_user (id),
  status_reason text,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check (ends_at > starts_at)
);
create index access_grant_organization_index on access_grant (organization_id, id);
create index access_grant_status_index on access_grant (status, ends_at, id);
