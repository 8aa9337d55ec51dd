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

-- Each change of how far a product is released, and how far its partners have been told of it.
create table release_change (
  id uuid primary key,
  product_code text not null references product (code),
  -- which of the product it is, from 1
  number integer not null check (number >= 1),
  -- null for how far it was released when it was first looked at, of which nobody is told
  from_status text check (from_status in ('HALTED', 'LIMITED', 'GENERAL')),
  to_status text not null check (to_status in ('HALTED', 'LIMITED', 'GENERAL')),
  effective_at timestamptz(3) not null,
  -- the last organization that was told, in the order of their ids
  told_up_to uuid,
  -- when everybody had been told
  told_at timestamptz(3),
  unique (product_code, number),
  check (from_status <> to_status)
);
create index release_change_untold_index on release_change (product_code, number) where told_at is null;
