-- What workflows as data need besides: results of checks, what staff were told of deadlines, and how long stages take.

-- What came of a check that a stage asks for; superseded, never overwritten.
create table check_result (
  id uuid primary key,
  application_id uuid not null references application (id),
  revision integer not null,
  stage_key text not null,
  check_key text not null,
  outcome text not null check (outcome in ('PASSED', 'FAILED')),
  note text not null,
  marked_by uuid not null references auth_user (id),
  marked_at timestamptz(3) not null,
  superseded_at timestamptz(3)
);
create index check_result_application_index on check_result (application_id, id);
create unique index check_result_standing_unique on check_result (application_id, revision, stage_key, check_key) where superseded_at is null;

-- That staff were told that a stage, or the whole application, is nearly due or due: once, however often the clock is
-- stopped and however often the job that tells them runs.
create table deadline_notice (
  id uuid primary key,
  application_id uuid not null references application (id),
  program_version_id uuid not null references program_version (id),
  on_appeal boolean not null,
  scope text not null check (scope in ('STAGE', 'APPLICATION')),
  -- of the scope STAGE
  stage_key text,
  kind text not null check (kind in ('WARNING', 'ESCALATION')),
  due_at timestamptz(3) not null,
  noticed_at timestamptz(3) not null,
  check ((scope = 'STAGE') = (stage_key is not null)),
  constraint deadline_notice_once unique nulls not distinct (application_id, program_version_id, on_appeal, scope, stage_key, kind)
);

-- How long applications to a program were at each stage lately, in seconds of working time; kept up by a job, and only
-- where enough applications tell it that none of them can be told from it.
create table stage_history (
  program_id uuid not null references program (id),
  stage_key text not null,
  median_seconds integer not null,
  percentile_ninety_seconds integer not null,
  refreshed_at timestamptz(3) not null,
  primary key (program_id, stage_key)
);
