-- What decisions are made of: texts from a library, a second countersignature, and refusals that are announced first.

-- Conditions and reasons for refusal that come again. A code means one thing throughout the portal, so that what it was
-- given for can be counted.
create table standard_text (
  id uuid primary key,
  kind text not null check (kind in ('CONDITION', 'REFUSAL_REASON')),
  code text not null check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  -- null: for every program
  program_id uuid references program (id),
  -- the version that new proposals take
  text_version integer not null,
  retired_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  constraint standard_text_code_unique unique (code)
);

-- What it says, and said before. Never changed once published.
create table standard_text_version (
  id uuid primary key,
  standard_text_id uuid not null references standard_text (id),
  number integer not null,
  title text not null,
  body text not null,
  published_by uuid references auth_user (id),
  published_at timestamptz(3) not null,
  unique (standard_text_id, number)
);

alter table decision
  -- those of the reasons and conditions that are from the library, as they were: they come first among them
  add column standard_reasons jsonb not null default '[]',
  add column standard_conditions jsonb not null default '[]',
  add column countersignatures_needed integer not null default 1 check (countersignatures_needed in (1, 2)),
  -- of two, the first; countersigned_by is whoever made it final, or declined
  add column first_countersigned_by uuid references auth_user (id),
  add column first_countersigned_at timestamptz(3),
  -- when it became final, if that was later than its last countersignature
  add column became_final_at timestamptz(3),
  drop constraint decision_status_check,
  add constraint decision_status_check check (status in ('PROPOSED', 'ANNOUNCED', 'COUNTERSIGNED', 'DECLINED', 'LAPSED')),
  -- as PostgreSQL named it
  drop constraint decision_check,
  add constraint decision_signed check (case status when 'PROPOSED' then countersigned_by is null when 'LAPSED' then true
    else countersigned_by is not null end),
  -- six eyes, where two countersignatures are needed
  add constraint decision_six_eyes check (first_countersigned_by <> proposed_by
    and (status = 'DECLINED' or first_countersigned_by <> countersigned_by)),
  add constraint decision_signatures check ((first_countersigned_by is null) = (first_countersigned_at is null)
    and (status not in ('ANNOUNCED', 'COUNTERSIGNED') or (countersignatures_needed = 2) = (first_countersigned_by is not null)));

drop index decision_countersigned_index;
create index decision_final_index on decision (coalesce(became_final_at, countersigned_at)) where status = 'COUNTERSIGNED';

-- A refusal that its partner may answer before it is final, and what came of that.
create table intent_to_refuse (
  id uuid primary key,
  application_id uuid not null references application (id),
  decision_id uuid not null unique references decision (id),
  announced_at timestamptz(3) not null,
  answer_before timestamptz(3) not null,
  ending text check (ending in ('ANSWERED', 'ACCEPTED', 'EXPIRED', 'RESCINDED', 'WITHDRAWN')),
  ended_at timestamptz(3),
  -- null for the portal itself
  ended_by uuid references auth_user (id),
  response text,
  rescinded_reason text,
  check (answer_before > announced_at),
  check ((ending is null) = (ended_at is null)),
  check ((response is not null) = coalesce(ending = 'ANSWERED', false)),
  check ((rescinded_reason is not null) = coalesce(ending = 'RESCINDED', false))
);
create index intent_to_refuse_application_index on intent_to_refuse (application_id, id);
create unique index intent_to_refuse_open_unique on intent_to_refuse (application_id) where ending is null;
create index intent_to_refuse_answer_before_index on intent_to_refuse (answer_before) where ending is null;

alter table application
  drop constraint application_status_check,
  add constraint application_status_check check (status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED',
    'DECISION_PROPOSED', 'INTENT_TO_REFUSE', 'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED', 'UNDER_APPEAL', 'WITHDRAWN', 'CLOSED', 'LAPSED'));
drop index application_open_unique;
create unique index application_open_unique on application (organization_id, program_id)
  where status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'INTENT_TO_REFUSE',
    'UNDER_APPEAL');
