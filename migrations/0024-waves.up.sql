-- A product is released in waves: so many organizations and seats at a time. Who finds no place waits for one.

create table rollout_wave (
  id uuid primary key,
  product_code text not null references product (code),
  -- counted within the product
  number integer not null,
  name text not null,
  status text not null check (status in ('PLANNED', 'CONFIRMED', 'OPEN', 'CLOSED', 'WITHDRAWN')),
  -- null is without limit
  capacity_organizations integer check (capacity_organizations > 0),
  capacity_seats integer check (capacity_seats > 0),
  opens_at timestamptz(3) not null,
  closes_at timestamptz(3),
  -- whom it is for; everybody when all three are empty
  sectors text[] not null,
  countries text[] not null,
  organizations uuid[] not null,
  ordering text not null check (ordering in ('FIRST_COME', 'PRIORITY', 'DRAW')),
  -- who goes first, in this order
  priority uuid[] not null,
  -- of a draw, chosen by the portal when the wave is confirmed
  seed text,
  planned_by uuid not null references auth_user (id),
  planned_at timestamptz(3) not null,
  confirmed_by uuid references auth_user (id),
  confirmed_at timestamptz(3),
  opened_at timestamptz(3),
  closed_by uuid references auth_user (id),
  closed_at timestamptz(3),
  closed_reason text,
  version integer not null default 1,
  updated_at timestamptz(3) not null,
  constraint rollout_wave_number_key unique (product_code, number),
  check (closes_at is null or closes_at > opens_at),
  -- opening takes two people; once more, where no code can forget it
  constraint rollout_wave_four_eyes check (confirmed_by is null or confirmed_by <> planned_by),
  check ((status in ('CONFIRMED', 'OPEN', 'CLOSED')) = (confirmed_by is not null)),
  check ((confirmed_by is null) = (confirmed_at is null))
);
create index rollout_wave_turn_index on rollout_wave (opens_at) where status in ('CONFIRMED', 'OPEN');

-- What a grant of a product with waves has or waits for.
create table wave_place (
  id uuid primary key,
  grant_id uuid not null unique references access_grant (id),
  product_code text not null references product (code),
  organization_id uuid not null references organization (id),
  seats integer not null check (seats > 0),
  status text not null check (status in ('WAITING', 'HELD', 'FREED')),
  -- null until a place is given
  wave_id uuid references rollout_wave (id),
  -- the lowest is next; among equals whoever has waited longest
  order_key integer not null,
  waiting_since timestamptz(3) not null,
  given_at timestamptz(3),
  freed_at timestamptz(3),
  check ((wave_id is null) = (given_at is null)),
  check (status <> 'WAITING' or wave_id is null),
  check (status <> 'HELD' or wave_id is not null),
  check ((status = 'FREED') = (freed_at is not null))
);
create index wave_place_waiting_index on wave_place (product_code, order_key, waiting_since, id) where status = 'WAITING';
create index wave_place_held_index on wave_place (wave_id) include (organization_id, seats) where status = 'HELD';

alter table access_grant
  drop constraint access_grant_status_check,
  add constraint access_grant_status_check check (status in
    ('WAITLISTED', 'PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED', 'EXPIRED', 'REVOKED', 'SURRENDERED'));

-- Grants that a product's release had shut are let in again, in an order and in batches that two people agreed on.
create table restoration (
  id uuid primary key,
  product_code text not null references product (code),
  status text not null check (status in ('PLANNED', 'CONFIRMED', 'COMPLETED', 'STOPPED', 'WITHDRAWN')),
  ordering text not null check (ordering in ('OLDEST_FIRST', 'PRIORITY', 'DRAW')),
  priority uuid[] not null,
  -- of a draw, chosen by the portal when the restoration is confirmed
  seed text,
  -- what partners read
  reason text not null,
  -- when each opens and how many it lets in, in their order
  batches jsonb not null,
  planned_by uuid not null references auth_user (id),
  planned_at timestamptz(3) not null,
  confirmed_by uuid references auth_user (id),
  confirmed_at timestamptz(3),
  ended_by uuid references auth_user (id),
  ended_at timestamptz(3),
  ended_reason text,
  version integer not null default 1,
  updated_at timestamptz(3) not null,
  -- opening takes two people; once more, where no code can forget it
  constraint restoration_four_eyes check (confirmed_by is null or confirmed_by <> planned_by),
  check ((status in ('CONFIRMED', 'COMPLETED', 'STOPPED')) = (confirmed_by is not null))
);
create index restoration_product_index on restoration (product_code, id);
create unique index restoration_confirmed_unique on restoration (product_code) where status = 'CONFIRMED';

-- What a restoration has restored: each grant once.
create table restored_grant (
  id uuid primary key,
  restoration_id uuid not null references restoration (id),
  grant_id uuid not null references access_grant (id),
  organization_id uuid not null references organization (id),
  seats integer not null check (seats > 0),
  -- which of the batches, from 1
  batch integer not null,
  restored_at timestamptz(3) not null,
  constraint restored_grant_once unique (restoration_id, grant_id)
);
create index restored_grant_grant_index on restored_grant (grant_id);
