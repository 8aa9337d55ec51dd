-- What of a unit comes after all of the unit before it; in the transaction of unit.sql. Memberships do because the recusals
-- that may follow from them are looked for one mail domain at a time, and audit records because each knows the one before.

insert into membership (id, organization_id, user_id, role, created_at, updated_at)
select bench.id('owner', n, at), id, owner_id, 'OWNER', at, at from partner
union all
select bench.id('applicant', n, at), id, applicant_id, 'APPLICANT', at, at from partner;

-- The audit log, written without its trigger and with the same chain.
create temp table recorded (like audit_record) on commit drop;
insert into recorded
select head.sequence + row_number() over (order by e, n), bench.id('event' || e, n, moments[e + 1]), moments[e + 1], command, event, 1, audience, 'PERSON',
  case when is_staff then bench.id('staff person', coalesce(assignee, decider), bench.moment(0, 1)) else applicant_id end,
  case when is_staff then 'INTAKE+REVIEWER' else 'APPLICANT' end,
  organization_id, id, 'application', id,
  format('{"applicationId":"%s","reference":"%s","status":"%s"%s}', type_id, reference,
    case when e < 6 or kind < 2 then 'DRAFT' when e = 6 or kind = 4 then 'SUBMITTED' when e = 9 and kind = 7 then 'APPROVED'
      when e = 9 and kind = 8 then 'APPROVED_WITH_CONDITIONS' when e = 9 and kind = 9 then 'REFUSED' else 'IN_REVIEW' end, particulars),
  'bench-' || e || '-' || n, '', ''
from audit_head as head, applied, generate_series(0, 9) as e, lateral (
  select case
    when e = 0 then 'started' when e = 1 then 'saved' when e < 5 then 'document' when e = 5 then 'terms' when kind < 2 then 'saved' when e = 6 then 'submitted'
    when kind = 4 then 'assigned' when e = 7 then 'review' when kind < 4 then 'assigned' when e = 8 then 'advanced' when kind = 5 then 'assigned'
    when kind = 6 then 'advanced' when kind = 9 then 'refused' else 'approved' end as step) as of_kind
join (values
  ('started', 'application.start', 'application.started', 'PARTNER', false, ''),
  ('saved', 'application.saveDraft', 'application.draft_saved', 'PARTNER', false, ',"changed":["endUse","seats"]'),
  ('document', 'document.completeUpload', 'document.added', 'PARTNER', false, ''),
  ('terms', 'application.acceptTerms', 'application.terms_accepted', 'PARTNER', false, ''),
  ('submitted', 'application.submit', 'application.submitted', 'PARTNER', false, ',"revision":1'),
  ('review', 'application.startReview', 'application.review_started', 'PARTNER', true, ',"stage":"screening"'),
  ('assigned', 'application.assign', 'application.assigned', 'STAFF', true, ',"staffId":null'),
  ('advanced', 'application.advanceStage', 'application.stage_advanced', 'PARTNER', true, ',"fromStage":"screening","stage":"technical-review"'),
  ('refused', 'application.countersign', 'application.refused', 'PARTNER', true, ''),
  ('approved', 'application.countersign', 'application.approved', 'PARTNER', true, '')
) as steps (step, command, event, audience, is_staff, particulars) using (step);

create temp table chained on commit drop as
select sequence, id, at, command, event, event_version, audience, actor_kind, actor_id, actor_role, organization_id, application_id, subject_kind, subject_id,
  payload, request_id, coalesce(lag(chained) over (order by sequence), head) as previous_hash, chained as hash
from (select r.*, head.hash as head, bench.chain(head.hash, row(r.*)::audit_record) over (order by r.sequence) as chained from recorded as r, audit_head as head) as links;

-- Month by month, as the portal begins them. Timelines follow by their trigger.
alter table audit_record disable trigger audit_record_chain;
do $$
declare month date;
begin
  for month in select distinct date_trunc('month', at)::date from chained order by 1 loop
    perform audit_begin_month(month);
    insert into audit_record select * from chained where date_trunc('month', at)::date = month order by sequence;
    update audit_head set sequence = last.sequence, hash = last.hash
    from (select sequence, hash from audit_record order by sequence desc limit 1) as last;
  end loop;
end $$;
alter table audit_record enable trigger audit_record_chain;
