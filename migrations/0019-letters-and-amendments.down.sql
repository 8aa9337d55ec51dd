drop index amendment_open_unique;
drop index application_open_unique;
create unique index application_open_unique on application (organization_id, program_id)
  where status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'INTENT_TO_REFUSE', 'UNDER_APPEAL');
drop index access_grant_application_index;
alter table application drop constraint application_amends_check;
drop index application_amends_index;
alter table application drop column amends_id;
alter table application drop column kind;
drop table decision_letter;
-- Without the feature nobody can say whose these are.
delete from document where uploaded_by is null;
alter table document alter column uploaded_by set not null;
drop table letter_template;
