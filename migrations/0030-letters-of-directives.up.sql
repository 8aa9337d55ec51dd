-- The letters by which authorities order. Not documents: those belong to an application and its organization.
create table directive_letter (
  id uuid primary key,
  directive_id uuid not null references directive (id),
  file_name text not null,
  media_type text not null,
  size bigint not null check (size > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  storage_key text not null unique,
  -- whether the directive has the hash of its letter from this one, and not from whoever recorded it
  gives_hash boolean not null default false,
  uploaded_by uuid not null references auth_user (id),
  created_at timestamptz(3) not null,
  -- when its bytes had been received and found as announced
  completed_at timestamptz(3)
);
create index directive_letter_directive_index on directive_letter (directive_id);

alter table directive
  add column letter_id uuid unique references directive_letter (id),
  add constraint directive_letter_is_hashed check (letter_id is null or letter_sha256 is not null);
