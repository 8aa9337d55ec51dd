drop trigger auth_user_recusals on auth_user;
drop trigger staff_member_recusals on staff_member;
drop trigger membership_recusals_end on membership;
drop trigger membership_recusals_begin on membership;
drop function person_recusals();
drop function staff_recusals();
drop function membership_recusals();
drop function organizations_near(uuid);
drop function renew_automatic_recusals(uuid[]);
drop function lock_mail_domains(uuid[]);
drop function time_ordered_id();
drop index auth_user_mail_domain_index;
drop table public_mail_domain;

delete from recusal where kind <> 'DECLARED';
drop index recusal_user_index;
drop index recusal_organization_index;
drop index recusal_standing_unique;
alter table recusal
  drop constraint recusal_declared,
  drop column kind,
  drop column ended_at,
  alter column application_id set not null,
  add unique (organization_id, user_id);

drop index recommendation_application_index;
alter table recommendation drop column scores, drop column score;

update program_version set workflow = jsonb_set(workflow, '{stages}', (
  select jsonb_agg(stage - 'criteria' - 'blind' order by position)
  from jsonb_array_elements(workflow -> 'stages') with ordinality as s (stage, position)))
where jsonb_array_length(workflow -> 'stages') > 0;
