-- Decision letters, the templates they are written from, and amendments of what was approved.

create table letter_template (
  id uuid primary key,
  -- null: for every program that has none of its own
  program_id uuid references program (id),
  number integer not null check (number > 0),
  content jsonb not null,
  published_by uuid references auth_user (id),
  published_at timestamptz(3) not null,
  constraint letter_template_number unique nulls not distinct (program_id, number)
);

-- A letter is a document that the portal provides, so nobody uploaded it.
alter table document alter column uploaded_by drop not null;

create table decision_letter (
  id uuid primary key,
  application_id uuid not null references application (id),
  -- one letter for each decision, where no code can forget it
  decision_id uuid not null unique references decision (id),
  document_id uuid not null unique references document (id),
  kind text not null check (kind in ('APPROVAL', 'APPROVAL_WITH_CONDITIONS', 'REFUSAL', 'FINAL_REFUSAL')),
  -- null: the one that comes with the portal
  template_id uuid references letter_template (id),
  template_version text not null,
  written_at timestamptz(3) not null
);
create index decision_letter_application_index on decision_letter (application_id, id);

alter table application add column kind text not null default 'NEW' check (kind in ('NEW', 'AMENDMENT'));
-- the application that the grant follows from
alter table application add column amends_id uuid references application (id);
alter table application add constraint application_amends_check check ((kind = 'AMENDMENT') = (amends_id is not null));
create index application_amends_index on application (amends_id, id) where amends_id is not null;
create index access_grant_application_index on access_grant (application_id, id);

-- One open application of an organization for a program, and one open amendment of an application.
drop index application_open_unique;
create unique index application_open_unique on application (organization_id, program_id)
  where kind = 'NEW'
    and status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'INTENT_TO_REFUSE', 'UNDER_APPEAL');
create unique index amendment_open_unique on application (amends_id)
  where kind = 'AMENDMENT'
    and status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'INTENT_TO_REFUSE', 'UNDER_APPEAL');
