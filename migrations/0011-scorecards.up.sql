-- Scorecards, blind review, and recusals that come of themselves.

-- Versions that were published before go on as they were: nothing to score, and nothing hidden among reviewers.
update program_version set workflow = jsonb_set(workflow, '{stages}', (
  select jsonb_agg(stage || '{"criteria": [], "blind": false}'::jsonb order by position)
  from jsonb_array_elements(workflow -> 'stages') with ordinality as s (stage, position)))
where jsonb_array_length(workflow -> 'stages') > 0;

-- What each criterion was given, with its weight and scale as they were, and what it comes to out of 100.
alter table recommendation
  add column scores jsonb not null default '[]',
  add column score double precision,
  add constraint recommendation_score_bounds check (score between 0 and 100),
  add constraint recommendation_score_of_scores check ((score is null) = (jsonb_array_length(scores) = 0));
create index recommendation_application_index on recommendation (application_id, id);

-- Declared by somebody while handling an application; or standing for as long as its cause does, and ended, not deleted.
alter table recusal
  add column kind text not null default 'DECLARED' check (kind in ('DECLARED', 'MEMBERSHIP', 'SHARED_DOMAIN')),
  add column ended_at timestamptz(3),
  alter column application_id drop not null,
  drop constraint recusal_organization_id_user_id_key,
  add constraint recusal_declared check ((kind = 'DECLARED') = (application_id is not null) and (kind <> 'DECLARED' or ended_at is null));
create unique index recusal_standing_unique on recusal (organization_id, user_id, kind) where ended_at is null;
create index recusal_organization_index on recusal (organization_id, id);
create index recusal_user_index on recusal (user_id) where ended_at is null;

-- Domains at which anybody can have an address, so that sharing one says nothing. Operators may add to them.
create table public_mail_domain (domain text primary key check (domain = lower(domain)));
insert into public_mail_domain (domain) values
  ('126.com'), ('163.com'), ('aol.com'), ('fastmail.com'), ('free.fr'), ('gmail.com'), ('gmx.com'), ('gmx.de'), ('gmx.net'),
  ('googlemail.com'), ('hey.com'), ('hotmail.co.uk'), ('hotmail.com'), ('hotmail.fr'), ('icloud.com'), ('laposte.net'),
  ('libero.it'), ('live.com'), ('mac.com'), ('mail.com'), ('mail.ru'), ('me.com'), ('msn.com'), ('naver.com'), ('orange.fr'),
  ('outlook.com'), ('pm.me'), ('proton.me'), ('protonmail.com'), ('qq.com'), ('rediffmail.com'), ('seznam.cz'), ('t-online.de'),
  ('tuta.com'), ('tutanota.com'), ('web.de'), ('wp.pl'), ('yahoo.co.jp'), ('yahoo.co.uk'), ('yahoo.com'), ('yahoo.fr'),
  ('yandex.com'), ('yandex.ru'), ('ymail.com'), ('zoho.com');

create index auth_user_mail_domain_index on auth_user (split_part(email, '@', 2));

-- UUIDv7, as the portal makes them: by time, so that what was first has the lower one.
create function time_ordered_id() returns uuid language sql volatile as $$
  select (substr(hex, 1, 8) || '-' || substr(hex, 9, 4) || '-7' || substr(gen_random_uuid()::text, 16))::uuid
  from lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') as hex
$$;

-- Whoever changes who is a member and whoever changes who is staff take turns when they are of one domain, so that neither
-- misses the other. Whoever changes very many at once, such as a migration, takes turns with everybody.
create function lock_mail_domains(people uuid[]) returns void language plpgsql volatile as $$
declare domains text[] := array(select distinct split_part(email, '@', 2) from auth_user where id = any(people) order by 1);
begin
  if cardinality(domains) > 50 then
    perform pg_advisory_xact_lock(hashtextextended('recusals', 0));
  else
    perform pg_advisory_xact_lock_shared(hashtextextended('recusals', 0));
    perform pg_advisory_xact_lock(hashtextextended('recusals ' || domain, 0)) from unnest(domains) as domain;
  end if;
end $$;

-- Staff are recused from organizations that they belong to, and from those of whose members one has an address at their
-- own domain. Members who are or were staff do not count for that: their addresses tell where they work.
create function renew_automatic_recusals(organizations uuid[]) returns void language plpgsql volatile as $$
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

-- The organizations from which a person could have to be recused, or could have others recused.
create function organizations_near(person uuid) returns uuid[] language sql stable as $$
  select array(
    select m.organization_id from membership as m where m.user_id = person
    union
    select r.organization_id from recusal as r where r.user_id = person and r.kind <> 'DECLARED' and r.ended_at is null
    union
    select m.organization_id
    from auth_user as u
      join auth_user as other on split_part(other.email, '@', 2) = split_part(u.email, '@', 2)
      join membership as m on m.user_id = other.id
    where u.id = person
      and exists (select from staff_member as s where s.user_id = person and s.active)
      and not exists (select from public_mail_domain as p where p.domain = split_part(u.email, '@', 2)))
$$;

create function membership_recusals() returns trigger language plpgsql as $$
begin
  if exists (select from changed) then
    perform lock_mail_domains(array(select user_id from changed));
    perform renew_automatic_recusals(array(select distinct organization_id from changed));
  end if;
  return null;
end $$;
create trigger membership_recusals_begin after insert on membership
  referencing new table as changed for each statement execute function membership_recusals();
create trigger membership_recusals_end after delete on membership
  referencing old table as changed for each statement execute function membership_recusals();

create function staff_recusals() returns trigger language plpgsql as $$
begin
  perform lock_mail_domains(array[new.user_id]);
  perform renew_automatic_recusals(organizations_near(new.user_id));
  return null;
end $$;
create trigger staff_member_recusals after insert or update of active on staff_member
  for each row execute function staff_recusals();

create function person_recusals() returns trigger language plpgsql as $$
begin
  perform lock_mail_domains(array[new.id]);
  perform renew_automatic_recusals(organizations_near(new.id));
  return null;
end $$;
create trigger auth_user_recusals after update of email, email_verified on auth_user
  for each row when (old.email is distinct from new.email or old.email_verified is distinct from new.email_verified)
  execute function person_recusals();

select renew_automatic_recusals(array(select id from organization));
