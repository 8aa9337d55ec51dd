-- Seats and named users of grants; what a program lays down for them, for renewals and for recertification.

-- Null: the portal's own way.
alter table program_version add column grant_policy jsonb;

alter table access_grant
  add column seats integer not null default 1 check (seats >= 1),
  -- environments or regions that it is for; empty where the program asks for none
  add column regions jsonb not null default '[]',
  -- of the notices before its end, the last that was given, in days before it
  add column expiry_noticed integer;
update access_grant as g set seats = (a.answers ->> 'seats')::integer from application as a
  where a.id = g.application_id and jsonb_typeof(a.answers -> 'seats') = 'number' and a.answers ->> 'seats' ~ '^[1-9][0-9]{0,5}$';
alter table access_grant alter column seats drop default, alter column regions drop default;

-- Who may use a grant. A partner attests how export rules stand to them; a nationality is kept nowhere.
create table named_user (
  id uuid primary key,
  grant_id uuid not null references access_grant (id),
  organization_id uuid not null references organization (id),
  display_name text not null,
  email text not null,
  export_status text not null check (export_status in ('UNRESTRICTED', 'FOREIGN', 'LICENSED', 'UNDETERMINED')),
  attested_by uuid not null references auth_user (id),
  attested_at timestamptz(3) not null,
  added_by uuid not null references auth_user (id),
  added_at timestamptz(3) not null,
  -- when the name was last looked for on the screening lists; null while it was not
  screened_at timestamptz(3),
  removed_by uuid references auth_user (id),
  removed_at timestamptz(3),
  version integer not null default 1,
  check ((removed_at is null) = (removed_by is null))
);
create unique index named_user_email_unique on named_user (grant_id, email) where removed_at is null;
create index named_user_grant_index on named_user (grant_id, id);
create index named_user_organization_index on named_user (organization_id, id) where removed_at is null;
create index named_user_unscreened_index on named_user (organization_id) where removed_at is null and screened_at is null;

alter table screening_hit drop constraint screening_hit_subject_kind_check,
  add constraint screening_hit_subject_kind_check check (subject_kind in ('ORGANIZATION', 'PERSON', 'NAMED_USER'));
alter table screening_run drop constraint screening_run_trigger_check,
  add constraint screening_run_trigger_check check (trigger in ('SUBMISSION', 'NEW_MEMBER', 'NAMED_USER', 'CATCH_UP', 'MANUAL'));

alter table application drop constraint application_kind_check,
  add constraint application_kind_check check (kind in ('NEW', 'AMENDMENT', 'RENEWAL'));
alter table application drop constraint application_amends_check,
  add constraint application_amends_check check ((kind = 'NEW') = (amends_id is null));
create unique index renewal_open_unique on application (amends_id)
  where kind = 'RENEWAL'
    and status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'INTENT_TO_REFUSE', 'UNDER_APPEAL');

-- That a grant is still needed and its users were looked through: attested by the partner, confirmed by staff.
create table recertification (
  id uuid primary key,
  grant_id uuid not null references access_grant (id),
  organization_id uuid not null references organization (id),
  status text not null check (status in ('DUE', 'ATTESTED', 'CONFIRMED')),
  opened_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  reminded_at timestamptz(3),
  overdue_at timestamptz(3),
  statement text,
  attested_by uuid references auth_user (id),
  attested_at timestamptz(3),
  declined_reason text,
  confirmed_by uuid references auth_user (id),
  confirmed_at timestamptz(3),
  version integer not null default 1,
  check (due_at > opened_at),
  check ((attested_at is null) = (attested_by is null)),
  check ((status = 'CONFIRMED') = (confirmed_by is not null)),
  -- four eyes, once more, where no code can forget it
  constraint recertification_four_eyes check (confirmed_by is null or confirmed_by <> attested_by)
);
create index recertification_grant_index on recertification (grant_id, id);
create unique index recertification_open_unique on recertification (grant_id) where status in ('DUE', 'ATTESTED');
create index recertification_due_index on recertification (due_at) where status in ('DUE', 'ATTESTED');

-- A renewal begins with the documents of what it renews: the same bytes, under an id of its own.
alter table document drop constraint document_storage_key_key;
create index document_storage_index on document (storage_key);
