-- Information requests with several questions, answers apart from the talk about them, reminders, extensions and lapse.

alter table application drop constraint application_status_check;
alter table application add constraint application_status_check check (status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW',
  'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED', 'UNDER_APPEAL',
  'WITHDRAWN', 'CLOSED', 'LAPSED'));

-- One question of a request. It never changes.
create table information_question (
  id uuid primary key,
  application_id uuid not null references application (id),
  request_id uuid not null references information_request (id),
  number integer not null check (number > 0),
  text text not null,
  is_required boolean not null,
  -- names of the documents that it asks for, in words
  documents text[] not null,
  unique (request_id, number)
);

-- An answer: the partner's own until it is given to staff by a formal response, and from then on as it was given.
create table information_answer (
  id uuid primary key,
  application_id uuid not null references application (id),
  request_id uuid not null references information_request (id),
  question_id uuid not null references information_question (id),
  text text not null,
  document_ids uuid[] not null,
  saved_by uuid not null references auth_user (id),
  saved_at timestamptz(3) not null,
  given_by uuid references auth_user (id),
  given_at timestamptz(3),
  superseded_at timestamptz(3),
  check ((given_at is null) = (given_by is null)),
  check (superseded_at is null or given_at is not null)
);
create unique index information_answer_unsent_unique on information_answer (question_id) where given_at is null;
create unique index information_answer_standing_unique on information_answer (question_id) where given_at is not null and superseded_at is null;
create index information_answer_question_index on information_answer (question_id, id);
create index information_answer_application_index on information_answer (application_id, given_at);

-- What is written in the thread of a request.
create table information_message (
  id uuid primary key,
  application_id uuid not null references application (id),
  request_id uuid not null references information_request (id),
  number integer not null check (number > 0),
  side text not null check (side in ('PARTNER', 'STAFF')),
  text text not null,
  written_by uuid not null references auth_user (id),
  written_at timestamptz(3) not null,
  unique (request_id, number)
);

-- The partner's wish for more time.
create table due_date_extension (
  id uuid primary key,
  application_id uuid not null references application (id),
  request_id uuid not null references information_request (id),
  wanted_due_at timestamptz(3) not null,
  reason text not null,
  asked_by uuid not null references auth_user (id),
  asked_at timestamptz(3) not null,
  outcome text not null check (outcome in ('WAITING', 'GRANTED', 'REFUSED', 'OVERTAKEN')),
  outcome_reason text,
  decided_by uuid references auth_user (id),
  decided_at timestamptz(3),
  check ((outcome = 'WAITING') = (decided_at is null))
);
create index due_date_extension_request_index on due_date_extension (request_id, id);
create unique index due_date_extension_waiting_unique on due_date_extension (application_id) where outcome = 'WAITING';

alter table information_request
  add column number integer,
  add column status text,
  add column rounds integer not null default 1,
  add column closed_at timestamptz(3),
  add column closed_reason text,
  -- when the application lapses without an answer; null when it does not
  add column lapses_at timestamptz(3),
  -- when the portal next has something to do about it: remind, tell that it is overdue, let it lapse
  add column notice_at timestamptz(3);
update information_request as r set number = counted.number,
  status = case when responded_at is not null then 'ANSWERED' when withdrawn_at is not null then 'WITHDRAWN' else 'OPEN' end,
  closed_at = coalesce(responded_at, withdrawn_at),
  notice_at = case when responded_at is null and withdrawn_at is null and due_at > now() then due_at end
from (select id, row_number() over (partition by application_id order by id) as number from information_request) as counted
where counted.id = r.id;
insert into information_question (id, application_id, request_id, number, text, is_required, documents)
select id, application_id, id, 1, question, true, '{}' from information_request;
insert into information_answer (id, application_id, request_id, question_id, text, document_ids, saved_by, saved_at, given_by, given_at)
select id, application_id, id, id, response, coalesce((select array_agg(d.id order by d.id) from document as d
    where d.information_request_id = r.id and d.completed_at <= r.responded_at and (d.removed_at is null or d.removed_at >= r.responded_at)), '{}'),
  responded_by, responded_at, responded_by, responded_at
from information_request as r where responded_at is not null;

drop trigger application_text_of_request on information_request;
drop index information_request_open_unique;
alter table information_request drop column question, drop column response, drop column withdrawn_at,
  alter column number set not null, alter column status set not null,
  add constraint information_request_status_check check (status in ('OPEN', 'ANSWERED', 'WITHDRAWN', 'LAPSED')),
  add constraint information_request_closed_check check ((status = 'OPEN') = (closed_at is null)),
  add constraint information_request_number_unique unique (application_id, number);
create unique index information_request_open_unique on information_request (application_id) where status = 'OPEN';
create index information_request_notice_index on information_request (notice_at) where notice_at is not null;

-- What was asked before in operations on many applications.
update bulk_operation set input = (input - 'question') || jsonb_build_object('questions',
  jsonb_build_array(jsonb_build_object('text', input ->> 'question', 'isRequired', true, 'documents', '[]'::jsonb)))
where kind = 'REQUEST_INFORMATION' and input ? 'question';

-- Applications are found by their questions, by the answers that were given, and by what was written about them; never by
-- an answer that is the partner's own still.
create or replace function application_partner_words(id uuid) returns tsvector language sql stable as $$
  select array_to_tsvector(search_words(concat_ws(' ', a.reference, o.legal_name, a.closed_reason, search_texts(a.answers),
    (select string_agg(q.text, ' ') from information_question as q where q.application_id = a.id),
    (select string_agg(n.text, ' ') from information_answer as n where n.application_id = a.id and n.given_at is not null),
    (select string_agg(m.text, ' ') from information_message as m where m.application_id = a.id),
    (select string_agg(concat_ws(' ', search_texts(d.reasons), search_texts(d.conditions)), ' ') from decision as d
      where d.application_id = a.id and d.status = 'COUNTERSIGNED'))))
  from application as a join organization as o on o.id = a.organization_id where a.id = $1
$$;
create index information_question_application_index on information_question (application_id);
create index information_message_application_index on information_message (application_id);

create function application_text_of_written() returns trigger language plpgsql as $$
begin
  update application_text as t set partner_words = application_partner_words(t.application_id)
  where t.application_id in (select w.application_id from written as w);
  return null;
end $$;
create trigger information_question_text after insert on information_question referencing new table as written
for each statement execute function application_text_of_written();
create trigger information_message_text after insert on information_message referencing new table as written
for each statement execute function application_text_of_written();
create trigger information_answer_text after insert on information_answer for each row when (new.given_at is not null)
execute function application_text_of_request();
create trigger information_answer_given after update of given_at on information_answer for each row
when (old.given_at is null and new.given_at is not null) execute function application_text_of_request();
