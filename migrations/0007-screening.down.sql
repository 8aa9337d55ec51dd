-- The extension stays: it may have been there before, and others may use it.
alter table program_version drop column screening;
drop table screening_adjudication;
drop table screening_match;
drop table screening_hit;
drop table organization_screening;
drop table screening_run;
drop table screening_name;
drop table screening_entry;
drop table screening_staged_entry;
alter table screening_list drop column current_version_id;
drop table screening_list_version;
drop table screening_list;
