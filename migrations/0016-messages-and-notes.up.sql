-- Messages between partners and staff, and notes that staff write for each other.

create table message (
  id uuid primary key,
  application_id uuid not null references application (id),
  -- of the application
  organization_id uuid not null references organization (id),
  side text not null check (side in ('PARTNER', 'STAFF')),
  author_id uuid not null references auth_user (id),
  text text not null,
  document_ids uuid[] not null,
  sent_at timestamptz(3) not null,
  -- when the other side read it
  read_at timestamptz(3),
  read_by uuid references auth_user (id),
  -- of a partner's: when staff answered it, or said that it needs no answer
  settled_at timestamptz(3),
  check (side = 'PARTNER' or settled_at is null),
  check ((read_at is null) = (read_by is null))
);
create index message_application_index on message (application_id, id);
-- What one side has not read, and what partners wait for.
create index message_unread_index on message (side, application_id) where read_at is null;
create index message_unanswered_index on message (application_id) where side = 'PARTNER' and settled_at is null;

create table note (
  id uuid primary key,
  application_id uuid not null references application (id),
  -- of the application
  organization_id uuid not null references organization (id),
  author_id uuid not null references auth_user (id),
  written_at timestamptz(3) not null,
  corrected_at timestamptz(3),
  -- also the number of the version that stands
  version integer not null default 1
);
create index note_application_index on note (application_id, id);

-- What a note says and said. Nothing here is changed or deleted.
create table note_version (
  id uuid primary key,
  note_id uuid not null references note (id),
  application_id uuid not null references application (id),
  number integer not null,
  text text not null,
  mentioned uuid[] not null,
  written_at timestamptz(3) not null,
  unique (note_id, number)
);

-- The words of messages are added as they are written, apart from the other words that partners see, which are made
-- anew. Those of notes are apart from what else staff write, which is found by staff who are recused, too.
alter table application_text add column message_words tsvector not null default '',
  add column note_words tsvector not null default '';
drop index application_text_words_index;
create index application_text_words_index on application_text
  using gin ((partner_words || message_words || staff_words || note_words));
analyze application_text;

create function application_text_of_message() returns trigger language plpgsql as $$
begin
  update application_text as t set message_words = t.message_words || array_to_tsvector(search_words(new.text))
  where t.application_id = new.application_id;
  return null;
end $$;
create trigger application_text_of_message after insert on message for each row execute function application_text_of_message();

create function application_text_of_note() returns trigger language plpgsql as $$
begin
  update application_text as t set note_words = t.note_words || array_to_tsvector(search_words(new.text))
  where t.application_id = new.application_id;
  return null;
end $$;
create trigger application_text_of_note after insert on note_version for each row execute function application_text_of_note();

alter table bulk_operation drop constraint bulk_operation_kind_check;
alter table bulk_operation add constraint bulk_operation_kind_check check (kind in (
  'ASSIGN', 'START_REVIEW', 'ADVANCE_STAGE', 'REQUEST_INFORMATION', 'SEND_MESSAGE', 'PROPOSE_DECISION', 'COUNTERSIGN'));
