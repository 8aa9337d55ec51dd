-- A program releases a restricted product. What partners must answer, provide and accept, and how staff review it,
-- is a published version; an application keeps the version it was started under.

create table program (
  id uuid primary key,
  code text not null unique check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name text not null,
  summary text not null,
  product_code text not null,
  product_name text not null,
  status text not null check (status in ('OPEN', 'CLOSED')),
  current_version_id uuid,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

create table terms_version (
  id uuid primary key,
  program_id uuid not null references program (id),
  label text not null,
  body text not null,
  body_sha256 text not null check (body_sha256 ~ '^[0-9a-f]{64}$'),
  published_at timestamptz(3) not null,
  unique (program_id, label)
);

create table program_version (
  id uuid primary key,
  program_id uuid not null references program (id),
  number integer not null,
  questionnaire jsonb not null,
  document_requirements jsonb not null,
  workflow jsonb not null,
  terms_version_id uuid not null references terms_version (id),
  grant_months integer not null check (grant_months between 1 and 120),
  published_by uuid references auth_user (id),
  published_at timestamptz(3) not null,
  unique (program_id, number)
);
alter table program add constraint program_current_version_fk foreign key (current_version_id) references program_version (id);
