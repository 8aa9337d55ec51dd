-- Lists of denied parties, who of ours is called like somebody on them, and what people made of that.

-- A trusted extension: whoever may create things in the database may create it.
create extension if not exists pg_trgm;

create table screening_list (
  id uuid primary key,
  code text not null unique,
  format text not null check (format in ('CSL', 'OPENSANCTIONS')),
  -- the version of the rules of comparing by which the names of its entries are looked up
  matcher integer not null,
  -- null while the first version is being imported
  current_version_id uuid,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

create table screening_list_version (
  id uuid primary key,
  list_id uuid not null references screening_list (id),
  number integer not null,
  status text not null check (status in ('IMPORTING', 'IN_FORCE', 'SUPERSEDED', 'ABANDONED')),
  file_name text not null,
  file_sha256 text not null,
  listed_at timestamptz(3) not null,
  -- the rows of the file that are staged, and so need not be read again
  rows_read integer not null,
  entries integer,
  added integer,
  changed integer,
  removed integer,
  started_at timestamptz(3) not null,
  completed_at timestamptz(3),
  unique (list_id, number),
  check ((status in ('IN_FORCE', 'SUPERSEDED')) = (completed_at is not null))
);
create unique index screening_list_version_importing_unique on screening_list_version (list_id) where status = 'IMPORTING';
create unique index screening_list_version_in_force_unique on screening_list_version (list_id) where status = 'IN_FORCE';
alter table screening_list add foreign key (current_version_id) references screening_list_version (id);

-- What is read of a file before all of it is put in force at once.
create table screening_staged_entry (
  version_id uuid not null references screening_list_version (id),
  reference text not null,
  line integer not null,
  id uuid not null,
  kind text not null,
  names jsonb not null,
  countries text[] not null,
  details jsonb not null,
  significance text not null,
  content text not null,
  primary key (version_id, reference)
);

-- An entry as it read from one version of its list until another; it never changes, a changed entry is a new row.
create table screening_entry (
  id uuid primary key,
  list_id uuid not null references screening_list (id),
  reference text not null,
  kind text not null check (kind in ('ORGANIZATION', 'PERSON', 'UNKNOWN', 'OTHER')),
  names jsonb not null,
  countries text[] not null,
  details jsonb not null,
  -- SHA-256 of what matters for a match, and of everything
  significance text not null,
  content text not null,
  since_version_id uuid not null references screening_list_version (id),
  until_version_id uuid references screening_list_version (id)
);
create unique index screening_entry_in_force_unique on screening_entry (list_id, reference) where until_version_id is null;

-- The names of the entries in force, as they are looked up: in Latin letters, and as they sound.
create table screening_name (
  entry_id uuid not null references screening_entry (id),
  position integer not null,
  kind text not null check (kind in ('ORGANIZATION', 'PERSON', 'UNKNOWN')),
  name text not null,
  role text not null check (role in ('PRIMARY', 'ALIAS')),
  text text not null,
  sound text not null,
  matcher integer not null,
  primary key (entry_id, position)
);
create index screening_name_text_index on screening_name using gin (text gin_trgm_ops);
create index screening_name_sound_index on screening_name using gin (sound gin_trgm_ops);

create table screening_run (
  id uuid primary key,
  organization_id uuid not null references organization (id),
  trigger text not null check (trigger in ('SUBMISSION', 'NEW_MEMBER', 'CATCH_UP', 'MANUAL')),
  requested_by uuid references auth_user (id),
  at timestamptz(3) not null,
  threshold integer not null,
  -- the version of the rules of comparing
  matcher integer not null,
  lists jsonb not null,
  subjects jsonb not null,
  opened integer not null,
  reopened integer not null,
  carried_over integer not null,
  lapsed integer not null
);
create index screening_run_organization_index on screening_run (organization_id, id);

-- What each organization was screened against last.
create table organization_screening (
  organization_id uuid primary key references organization (id),
  run_id uuid not null references screening_run (id),
  screened_at timestamptz(3) not null,
  version_ids uuid[] not null,
  threshold integer not null,
  matcher integer not null
);

create table screening_hit (
  id uuid primary key,
  organization_id uuid not null references organization (id),
  subject_kind text not null check (subject_kind in ('ORGANIZATION', 'PERSON')),
  subject_id uuid not null,
  list_id uuid not null references screening_list (id),
  reference text not null,
  status text not null check (status in ('OPEN', 'TRUE_MATCH', 'FALSE_POSITIVE', 'INCONCLUSIVE', 'LAPSED')),
  -- the hit on the same person in another organization whose judgement holds here too
  carried_from_id uuid references screening_hit (id),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  unique (organization_id, subject_kind, subject_id, list_id, reference)
);
create index screening_hit_status_index on screening_hit (status, id);
create index screening_hit_subject_index on screening_hit (subject_id, list_id, reference);

-- Why there is a hit: one row each time that the entry or the name is another than before.
create table screening_match (
  id uuid primary key,
  hit_id uuid not null references screening_hit (id),
  run_id uuid not null references screening_run (id),
  entry_id uuid not null references screening_entry (id),
  subject_name text not null,
  -- SHA-256 of the names and the country that were looked for
  subject_significance text not null,
  score integer not null check (score between 0 and 100),
  explanation jsonb not null,
  found_at timestamptz(3) not null
);
create index screening_match_hit_index on screening_match (hit_id, id);

create table screening_adjudication (
  id uuid primary key,
  hit_id uuid not null references screening_hit (id),
  -- what was judged
  match_id uuid not null references screening_match (id),
  verdict text not null check (verdict in ('TRUE_MATCH', 'FALSE_POSITIVE', 'INCONCLUSIVE')),
  reason text not null,
  status text not null check (status in ('PROPOSED', 'CONFIRMED', 'DECLINED', 'LAPSED')),
  proposed_by uuid not null references auth_user (id),
  proposed_at timestamptz(3) not null,
  decided_by uuid references auth_user (id),
  decided_at timestamptz(3),
  declined_reason text,
  version integer not null default 1,
  -- four eyes, once more, where no code can forget it
  constraint screening_adjudication_four_eyes check (decided_by is null or decided_by <> proposed_by),
  check ((status in ('CONFIRMED', 'DECLINED')) = (decided_by is not null))
);
create index screening_adjudication_hit_index on screening_adjudication (hit_id, id);
create unique index screening_adjudication_proposed_unique on screening_adjudication (hit_id) where status = 'PROPOSED';

-- How those who apply to a program are screened; null for the portal's own way.
alter table program_version add column screening jsonb;
