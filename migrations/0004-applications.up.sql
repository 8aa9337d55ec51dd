-- Applications and everything that happens to one before it is decided. Rows here are superseded, never deleted.

create sequence application_reference_sequence;

create table application (
  id uuid primary key,
  reference text not null unique,
  organization_id uuid not null references organization (id),
  program_id uuid not null references program (id),
  program_version_id uuid not null references program_version (id),
  status text not null check (status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED',
    'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED', 'UNDER_APPEAL', 'WITHDRAWN', 'CLOSED')),
  -- where INFORMATION_REQUESTED and DECISION_PROPOSED go back to
  status_before text,
  stage_key text,
  queue text,
  assignee_id uuid references staff_member (id),
  answers jsonb not null,
  revision integer not null,
  created_by uuid not null references auth_user (id),
  submitted_at timestamptz(3),
  stage_entered_at timestamptz(3),
  due_at timestamptz(3),
  decided_at timestamptz(3),
  appealed_at timestamptz(3),
  closed_reason text,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index application_organization_index on application (organization_id, id);
create index application_queue_due_index on application (queue, due_at, id) where queue is not null;
create index application_status_index on application (status, id);
create index application_assignee_index on application (assignee_id, due_at, id) where assignee_id is not null;
-- One open application of an organization for a program.
create unique index application_open_unique on application (organization_id, program_id)
  where status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'UNDER_APPEAL');

create table application_revision (
  id uuid primary key,
  application_id uuid not null references application (id),
  number integer not null,
  answers jsonb not null,
  documents jsonb not null,
  submitted_by uuid not null references auth_user (id),
  submitted_at timestamptz(3) not null,
  unique (application_id, number)
);

create table terms_acceptance (
  id uuid primary key,
  application_id uuid not null references application (id),
  organization_id uuid not null references organization (id),
  terms_version_id uuid not null references terms_version (id),
  body_sha256 text not null,
  accepted_by uuid not null references auth_user (id),
  ip_address text,
  accepted_at timestamptz(3) not null,
  unique (application_id, terms_version_id)
);

create table document (
  id uuid primary key,
  application_id uuid not null references application (id),
  organization_id uuid not null references organization (id),
  requirement_key text not null,
  information_request_id uuid,
  file_name text not null,
  media_type text not null,
  size bigint not null check (size > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  storage_key text not null unique,
  status text not null check (status in ('AWAITING_UPLOAD', 'AVAILABLE', 'REMOVED')),
  uploaded_by uuid not null references auth_user (id),
  completed_at timestamptz(3),
  removed_at timestamptz(3),
  -- when the bytes of a removed document, which no revision holds, were deleted
  bytes_removed_at timestamptz(3),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index document_application_index on document (application_id, id);
create index document_announced_index on document (created_at) where status = 'AWAITING_UPLOAD';
create index document_bytes_left_index on document (removed_at) where status = 'REMOVED' and bytes_removed_at is null;

create table information_request (
  id uuid primary key,
  application_id uuid not null references application (id),
  question text not null,
  asked_by uuid not null references auth_user (id),
  asked_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  response text,
  responded_by uuid references auth_user (id),
  responded_at timestamptz(3),
  withdrawn_at timestamptz(3)
);
create index information_request_application_index on information_request (application_id, id);
create unique index information_request_open_unique on information_request (application_id) where responded_at is null and withdrawn_at is null;
alter table document add constraint document_information_request_fk foreign key (information_request_id) references information_request (id);

-- The time a stage's clock was running or paused. Intervals are stored; charged time is computed from them.
create table clock_interval (
  id uuid primary key,
  application_id uuid not null references application (id),
  stage_key text not null,
  kind text not null check (kind in ('RUNNING', 'PAUSED')),
  cause text not null,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  -- of an interval that runs: until when the stage, and the whole application, should be done, and when staff are warned
  due_at timestamptz(3),
  warn_at timestamptz(3),
  decision_due_at timestamptz(3),
  decision_warn_at timestamptz(3),
  -- when staff are next to be told; null when nothing is left to tell
  notice_at timestamptz(3),
  check (ended_at is null or ended_at >= started_at)
);
create index clock_interval_application_index on clock_interval (application_id, started_at);
create unique index clock_interval_open_unique on clock_interval (application_id) where ended_at is null;
create index clock_interval_notice_index on clock_interval (notice_at) where ended_at is null and notice_at is not null;
create index clock_interval_ended_index on clock_interval (ended_at);
