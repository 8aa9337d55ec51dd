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
