-- Reopening of applications that were closed in error; flags on many at once; risk, and finding by it, by flags and by scores.

-- Proposed by one administrator, confirmed or declined by another. Kept, whatever came of it.
create table reopening (
  id uuid primary key,
  application_id uuid not null references application (id),
  -- what the application was, and is again when this is declined
  from_status text not null,
  -- for the partner, once it is confirmed
  reason text not null,
  -- for staff only
  internal_reason text not null,
  status text not null check (status in ('PROPOSED', 'CONFIRMED', 'DECLINED', 'LAPSED')),
  proposed_by uuid not null references auth_user (id),
  proposed_at timestamptz(3) not null,
  decided_by uuid references auth_user (id),
  decided_at timestamptz(3),
  declined_reason text,
  version integer not null default 1,
  constraint reopening_four_eyes check (decided_by is null or decided_by <> proposed_by),
  check ((status in ('CONFIRMED', 'DECLINED')) = (decided_by is not null)),
  check ((status = 'DECLINED') = (declined_reason is not null))
);
create index reopening_application_index on reopening (application_id, id);
create unique index reopening_proposed_unique on reopening (application_id) where status = 'PROPOSED';
create trigger application_text_of_reopening after insert or update of declined_reason on reopening for each row
execute function application_text_of_staff('reason', 'internal_reason', 'declined_reason');

-- When a decision that was final was set aside, because its application was reopened.
alter table decision
  add column superseded_at timestamptz(3),
  add constraint decision_superseded_was_final check (superseded_at is null or status = 'COUNTERSIGNED');
-- How risky staff think that an organization is. Its members are not to notice: the version does not count it.
alter table organization
  add column risk text not null default 'UNRATED' check (risk in ('UNRATED', 'LOW', 'MEDIUM', 'HIGH')),
  add column risk_reason text,
  add column risk_rated_by uuid references auth_user (id),
  add column risk_rated_at timestamptz(3),
  add constraint organization_risk_told check ((risk_rated_at is null) = (risk_rated_by is null) and (risk_rated_at is null) = (risk_reason is null));
create index organization_risk_index on organization (risk);

-- By which applications are found that score so.
create index recommendation_score_index on recommendation (score) include (application_id) where superseded_at is null;

-- Flags can be raised and lowered on many applications at once. Which kinds there are is said by the code.
alter table bulk_operation
  drop constraint bulk_operation_kind_check,
  add constraint bulk_operation_kind_check check (kind ~ '^[A-Z]+(_[A-Z]+)*$');
