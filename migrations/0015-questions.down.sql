drop trigger information_answer_given on information_answer;
drop trigger information_answer_text on information_answer;
drop trigger information_message_text on information_message;
drop trigger information_question_text on information_question;
drop function application_text_of_written();

update bulk_operation set input = (input - 'questions') || jsonb_build_object('question', input -> 'questions' -> 0 ->> 'text')
where kind = 'REQUEST_INFORMATION' and input ? 'questions';

alter table information_request add column question text, add column response text, add column withdrawn_at timestamptz(3);
update information_request as r set
  question = (select string_agg(q.text, E'\n\n' order by q.number) from information_question as q where q.request_id = r.id),
  response = case when r.status = 'ANSWERED' then coalesce((select string_agg(n.text, E'\n\n' order by q.number)
    from information_answer as n join information_question as q on q.id = n.question_id
    where n.request_id = r.id and n.given_at is not null and n.superseded_at is null), '') end,
  withdrawn_at = case when r.status in ('WITHDRAWN', 'LAPSED') then r.closed_at end,
  responded_at = case when r.status = 'ANSWERED' then r.responded_at end,
  responded_by = case when r.status = 'ANSWERED' then r.responded_by end;
drop index information_request_notice_index;
drop index information_request_open_unique;
alter table information_request drop constraint information_request_number_unique, alter column question set not null,
  drop column number, drop column status, drop column rounds, drop column closed_at, drop column closed_reason,
  drop column lapses_at, drop column notice_at;
create unique index information_request_open_unique on information_request (application_id) where responded_at is null and withdrawn_at is null;

create or replace function application_partner_words(id uuid) returns tsvector language sql stable as $$
  select array_to_tsvector(search_words(concat_ws(' ', a.reference, o.legal_name, a.closed_reason, search_texts(a.answers),
    (select string_agg(concat_ws(' ', r.question, r.response), ' ') from information_request as r where r.application_id = a.id),
    (select string_agg(concat_ws(' ', search_texts(d.reasons), search_texts(d.conditions)), ' ') from decision as d
      where d.application_id = a.id and d.status = 'COUNTERSIGNED'))))
  from application as a join organization as o on o.id = a.organization_id where a.id = $1
$$;
create trigger application_text_of_request after insert or update of question, response on information_request for each row
execute function application_text_of_request();
drop table due_date_extension;
drop table information_message;
drop table information_answer;
drop table information_question;

update application set status = 'CLOSED' where status = 'LAPSED';
alter table application drop constraint application_status_check;
alter table application add constraint application_status_check check (status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW',
  'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED', 'UNDER_APPEAL',
  'WITHDRAWN', 'CLOSED'));
