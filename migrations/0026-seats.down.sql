-- Of documents that share their bytes only the first is kept: there is one row for each file.
delete from document as d using document as first where first.storage_key = d.storage_key and first.id < d.id;
drop index document_storage_index;
alter table document add constraint document_storage_key_key unique (storage_key);
drop table recertification;
drop index renewal_open_unique;
-- What was a renewal is shown as an amendment, which is what it was to a grant before.
update application set kind = 'AMENDMENT' where kind = 'RENEWAL';
alter table application drop constraint application_amends_check,
  add constraint application_amends_check check ((kind = 'AMENDMENT') = (amends_id is not null));
alter table application drop constraint application_kind_check,
  add constraint application_kind_check check (kind in ('NEW', 'AMENDMENT'));
delete from screening_adjudication where hit_id in (select id from screening_hit where subject_kind = 'NAMED_USER');
delete from screening_match where hit_id in (select id from screening_hit where subject_kind = 'NAMED_USER');
delete from screening_hit where subject_kind = 'NAMED_USER';
update screening_run set trigger = 'CATCH_UP' where trigger = 'NAMED_USER';
alter table screening_run drop constraint screening_run_trigger_check,
  add constraint screening_run_trigger_check check (trigger in ('SUBMISSION', 'NEW_MEMBER', 'CATCH_UP', 'MANUAL'));
alter table screening_hit drop constraint screening_hit_subject_kind_check,
  add constraint screening_hit_subject_kind_check check (subject_kind in ('ORGANIZATION', 'PERSON'));
drop table named_user;
alter table access_grant drop column expiry_noticed, drop column regions, drop column seats;
alter table program_version drop column grant_policy;
