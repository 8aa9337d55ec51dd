-- Documents that staff give partners along with questions; and what partners write in answer to staff is found by its words.

-- Staff's alone until questions give it to the partner.
alter table document add column is_from_staff boolean not null default false;
alter table information_request add column document_ids uuid[] not null default '{}';

-- What is written once, and never changed or taken back, is added to the words of messages, which both sides see.
create function application_text_of_both() returns trigger language plpgsql as $$
declare
  written text;
begin
  select string_agg(value, ' ') into written from jsonb_each_text(to_jsonb(new)) where key = any(tg_argv);
  update application_text as t set message_words = t.message_words || array_to_tsvector(search_words(written))
  where t.application_id = new.application_id;
  return null;
end $$;
create trigger application_text_of_intent after update of response, rescinded_reason on intent_to_refuse for each row
when (new.response is not null or new.rescinded_reason is not null) execute function application_text_of_both('response', 'rescinded_reason');
create trigger application_text_of_extension after insert on due_date_extension for each row
execute function application_text_of_both('reason');
create trigger application_text_of_extension_outcome after update of outcome_reason on due_date_extension for each row
when (new.outcome_reason is not null) execute function application_text_of_both('outcome_reason');

-- The grounds of an appeal are kept by the log alone.
create function application_text_of_appeal() returns trigger language plpgsql as $$
begin
  update application_text as t set message_words = t.message_words || array_to_tsvector(search_words(new.payload::jsonb ->> 'grounds'))
  where t.application_id = new.application_id;
  return null;
end $$;
create trigger application_text_of_appeal after insert on timeline_event for each row when (new.event = 'application.appealed')
execute function application_text_of_appeal();

update application_text as t set message_words = t.message_words || array_to_tsvector(search_words(before.text))
from (select application_id, string_agg(text, ' ') as text from (
    select application_id, concat_ws(' ', response, rescinded_reason) as text from intent_to_refuse
    union all select application_id, concat_ws(' ', reason, outcome_reason) from due_date_extension
    union all select application_id, payload::jsonb ->> 'grounds' from timeline_event where event = 'application.appealed') as written
  where text <> '' group by application_id) as before
where before.application_id = t.application_id;
