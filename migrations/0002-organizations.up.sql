-- Partner organizations, who belongs to them, who is invited, and the machines that act for them.

create table organization (
  id uuid primary key,
  legal_name text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  sector text not null,
  website text not null,
  registration_number text not null,
  version integer not null default 1,
  created_by uuid not null references auth_user (id),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create unique index organization_registration_unique on organization (country, upper(registration_number));

create table membership (
  id uuid primary key,
  organization_id uuid not null references organization (id),
  user_id uuid not null references auth_user (id),
  role text not null check (role in ('OWNER', 'APPLICANT', 'VIEWER')),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  unique (organization_id, user_id)
);
create index membership_user_id_index on membership (user_id);

create table invitation (
  id uuid primary key,
  organization_id uuid not null references organization (id),
  email text not null check (email = lower(email)),
  role text not null check (role in ('OWNER', 'APPLICANT', 'VIEWER')),
  token_hash text not null unique,
  invited_by uuid not null references auth_user (id),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  revoked_at timestamptz(3)
);
create unique index invitation_open_unique on invitation (organization_id, email) where accepted_at is null and revoked_at is null;
create index invitation_organization_index on invitation (organization_id, id);

-- organization_id is null for the operator's own machines. Only the SHA-256 of a key is kept.
create table api_key (
  id uuid primary key,
  organization_id uuid references organization (id),
  name text not null,
  key_hash text not null unique,
  key_hint text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_by uuid not null references auth_user (id),
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);
create index api_key_organization_index on api_key (organization_id, id);
