delete from bulk_item where operation_id in (select id from bulk_operation where kind = 'SEND_MESSAGE');
delete from bulk_operation where kind = 'SEND_MESSAGE';
alter table bulk_operation drop constraint bulk_operation_kind_check;
alter table bulk_operation add constraint bulk_operation_kind_check check (kind in (
  'ASSIGN', 'START_REVIEW', 'ADVANCE_STAGE', 'REQUEST_INFORMATION', 'PROPOSE_DECISION', 'COUNTERSIGN'));
drop table note_version;
drop table note;
drop table message;
drop function application_text_of_message;
drop function application_text_of_note;
drop index application_text_words_index;
alter table application_text drop column message_words, drop column note_words;
create index application_text_words_index on application_text using gin ((partner_words || staff_words));
analyze application_text;
