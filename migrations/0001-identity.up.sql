-- Commands write all their rows by one statement, which fails as a whole when a row is no longer as it was read.
create function require_written(written bigint, expected bigint) returns void language plpgsql as $$
begin
  if written <> expected then
    raise exception 'somebody else changed a row meanwhile' using errcode = 'serialization_failure';
  end if;
end $$;

-- People, sessions and staff. The auth_ tables belong to better-auth; their names and columns are mapped in identity/.

create table auth_user (
  id uuid primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check (email = lower(email))
);

create table auth_session (
  id uuid primary key,
  user_id uuid not null references auth_user (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz(3) not null,
  ip_address text,
  user_agent text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index auth_session_user_id_index on auth_session (user_id);

create table auth_account (
  id uuid primary key,
  user_id uuid not null references auth_user (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope text,
  password text,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index auth_account_user_id_index on auth_account (user_id);
create unique index auth_account_provider_unique on auth_account (provider_id, account_id);

create table auth_verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);
create index auth_verification_identifier_index on auth_verification (identifier);
create index auth_verification_value_index on auth_verification (value);

-- Who works for the operator, and in which roles.
create table staff_member (
  id uuid primary key,
  user_id uuid not null unique references auth_user (id),
  roles text[] not null,
  active boolean not null,
  must_change_password boolean not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  check (cardinality(roles) > 0),
  check (roles <@ array['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'])
);

-- Attempts at signing in and other guessable things, counted in fixed windows.
create table rate_limit (
  key text primary key,
  points integer not null default 0,
  expire bigint
);
create index rate_limit_expire_index on rate_limit (expire);
