-- What statements on access are signed with, terms that are asked for again, and the operator's own organization.

create table signing_key (
  id uuid primary key,
  -- of the public key (RFC 7638): how statements name the key
  thumbprint text not null unique,
  public_key jsonb not null,
  -- forgotten as soon as another key signs
  sealed_private_key text,
  created_at timestamptz(3) not null,
  -- since when another key signs
  retired_at timestamptz(3),
  check ((sealed_private_key is null) = (retired_at is not null))
);
create unique index signing_key_current on signing_key ((true)) where retired_at is null;

-- by when whoever holds a grant of the program must have accepted them; null where nobody is asked again
alter table terms_version add column reaccept_by timestamptz(3);
create index terms_version_required_index on terms_version (program_id, published_at) where reaccept_by is not null;

-- An organization that was asked to accept terms again, and whether it did: who, when, of which text, from where.
create table attestation (
  id uuid primary key,
  terms_version_id uuid not null references terms_version (id),
  program_id uuid not null references program (id),
  organization_id uuid not null references organization (id),
  body_sha256 text not null,
  asked_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  remind_at timestamptz(3),
  given_at timestamptz(3),
  given_by uuid references auth_user (id),
  ip_address text,
  constraint attestation_once unique (terms_version_id, organization_id),
  check ((given_at is null) = (given_by is null))
);
create index attestation_organization_index on attestation (organization_id, asked_at);
create index attestation_due_index on attestation (due_at) where given_at is null;
create index attestation_remind_index on attestation (remind_at) where given_at is null and remind_at is not null;

alter table organization
  add column is_operator boolean not null default false,
  -- a change of it that waits for a second person
  add column operator_proposed boolean,
  add column operator_proposed_by uuid references auth_user (id);
alter table organization add constraint organization_operator_proposal check ((operator_proposed is null) = (operator_proposed_by is null));
create unique index organization_operator_unique on organization (is_operator) where is_operator;

-- Staff are recused from organizations that they belong to, and from those of whose members one has an address at their
-- own domain. Members who are or were staff do not count for that: their addresses tell where they work. Nor does the
-- operator's own organization: there would be nobody to review it.
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
      and not exists (select from public_mail_domain as p where p.domain = s.domain)
      and not exists (select from organization as own where own.id = m.organization_id and own.is_operator)),
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

create function operator_recusals() returns trigger language plpgsql as $$
begin
  perform lock_mail_domains(array(select user_id from membership where organization_id = new.id));
  perform renew_automatic_recusals(array[new.id]);
  return null;
end $$;
create trigger organization_operator_recusals after update of is_operator on organization
  for each row when (old.is_operator is distinct from new.is_operator) execute function operator_recusals();
