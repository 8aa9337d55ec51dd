drop trigger application_text_of_intent on intent_to_refuse;
drop trigger application_text_of_extension on due_date_extension;
drop trigger application_text_of_extension_outcome on due_date_extension;
drop trigger application_text_of_appeal on timeline_event;
drop function application_text_of_both;
drop function application_text_of_appeal;
update application_text as t set message_words = coalesce((select array_to_tsvector(search_words(string_agg(m.text, ' ')))
  from message as m where m.application_id = t.application_id), '')
where t.application_id in (select application_id from intent_to_refuse union select application_id from due_date_extension
  union select application_id from timeline_event where event = 'application.appealed');
-- Partners are not to see what staff did not give them.
delete from document where is_from_staff;
alter table document drop column is_from_staff;
alter table information_request drop column document_ids;
-- Operations that were not known before cannot be kept.
delete from bulk_item where operation_id in (select id from bulk_operation where kind in ('MOVE_TO_VERSION', 'MOVE_TO_QUEUE'));
delete from bulk_operation where kind in ('MOVE_TO_VERSION', 'MOVE_TO_QUEUE');
