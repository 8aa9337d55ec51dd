drop trigger organization_operator_recusals on organization;
drop function operator_recusals();
-- Staff are recused from organizations that they belong to, and from those of whose members one has an address at their
-- own domain. Members who are or were staff do not count for that: their addresses tell where they work.
create or replace function renew_automatic_recusals(organizations uuid[]) returns void language plpgsql volatile as $$
begin
  with staffed as materialized (
    select s.user_id, split_part(u.email, '@', 2) as domain
    from staff_member as s join auth_user as u on u.id = s.user_id where s.active and u.email_verified),
  due as materialized (
    select m.organization_id, s.user_id, 'MEMBERSHIP' as kind, 'Belongs to the organization.' as reason
    from membership as m join staff_member as s on s.user_id = m.user_id and s.active
    where m.organization_id = any(organizations)
    union
    select m.organization_id, s.user_id, 'SHARED_DOMAIN', 'Has an address at ' || s.domain || ', as a member of the organization has.'
    from membership as m
      join auth_user as u on u.id = m.user_id and u.email_verified
      join staffed as s on s.domain = split_part(u.email, '@', 2)
    where m.organization_id = any(organizations)
      and not exists (select from staff_member as colleague where colleague.user_id = m.user_id)
      and not exists (select from public_mail_domain as p where p.domain = s.domain)),
  ended as (
    update recusal as r set ended_at = now()
    where r.organization_id = any(organizations) and r.kind <> 'DECLARED' and r.ended_at is null
      and not exists (select from due as d
        where d.organization_id = r.organization_id and d.user_id = r.user_id and d.kind = r.kind))
  insert into recusal (id, organization_id, application_id, user_id, kind, reason, declared_at)
  select time_ordered_id(), d.organization_id, null, d.user_id, d.kind, d.reason, now() from due as d
  where not exists (select from recusal as r
    where r.organization_id = d.organization_id and r.user_id = d.user_id and r.kind = d.kind and r.ended_at is null);
end $$;
update organization set is_operator = false where is_operator;
drop index organization_operator_unique;
alter table organization
  drop constraint organization_operator_proposal,
  drop column operator_proposed_by,
  drop column operator_proposed,
  drop column is_operator;
drop table attestation;
drop index terms_version_required_index;
alter table terms_version drop column reaccept_by;
drop table signing_key;
