drop index application_open_unique;
-- Refusals that were announced and are not final wait at the decision stage again; their clocks run from the next command on.
update application set status = 'IN_REVIEW' where status = 'INTENT_TO_REFUSE';
alter table application
  drop constraint application_status_check,
  add constraint application_status_check check (status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED',
    'DECISION_PROPOSED', 'APPROVED', 'APPROVED_WITH_CONDITIONS', 'REFUSED', 'UNDER_APPEAL', 'WITHDRAWN', 'CLOSED', 'LAPSED'));
create unique index application_open_unique on application (organization_id, program_id)
  where status in ('DRAFT', 'SUBMITTED', 'IN_REVIEW', 'INFORMATION_REQUESTED', 'RETURNED', 'DECISION_PROPOSED', 'UNDER_APPEAL');

drop table intent_to_refuse;

drop index decision_final_index;
create index decision_countersigned_index on decision (countersigned_at) where status = 'COUNTERSIGNED';
alter table decision
  drop constraint decision_signatures,
  drop constraint decision_six_eyes,
  drop constraint decision_signed,
  drop constraint decision_status_check;
update decision set status = 'LAPSED' where status = 'ANNOUNCED';
update decision set countersigned_by = null, countersigned_at = null where status = 'LAPSED';
alter table decision
  add constraint decision_status_check check (status in ('PROPOSED', 'COUNTERSIGNED', 'DECLINED', 'LAPSED')),
  add constraint decision_check check ((status in ('COUNTERSIGNED', 'DECLINED')) = (countersigned_by is not null)),
  drop column became_final_at,
  drop column first_countersigned_at,
  drop column first_countersigned_by,
  drop column countersignatures_needed,
  drop column standard_conditions,
  drop column standard_reasons;

drop table standard_text_version;
drop table standard_text;
