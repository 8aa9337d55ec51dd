drop index recommendation_score_index;
alter table organization
  drop constraint organization_risk_told,
  drop column risk,
  drop column risk_reason,
  drop column risk_rated_by,
  drop column risk_rated_at;
-- Operations that were not known before cannot be kept.
delete from bulk_item where operation_id in (select id from bulk_operation where kind in ('RAISE_FLAG', 'LOWER_FLAG'));
delete from bulk_operation where kind in ('RAISE_FLAG', 'LOWER_FLAG');
alter table bulk_operation
  drop constraint bulk_operation_kind_check,
  add constraint bulk_operation_kind_check check (kind in
    ('ASSIGN', 'START_REVIEW', 'ADVANCE_STAGE', 'REQUEST_INFORMATION', 'PROPOSE_DECISION', 'COUNTERSIGN'));
alter table decision drop column superseded_at;
drop table reopening;
