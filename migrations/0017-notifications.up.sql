-- What a person is told stands in `notification` whether or not it is sent by e-mail: it is shown in the portal, too. Rows from
-- before this were e-mail alone; they have no person and no number, and are shown nowhere.

-- What somebody chose of how they hear of things; who has no row hears as is usual.
create table notification_settings (
  user_id uuid primary key references auth_user (id) on delete cascade,
  -- By kind, only what was chosen.
  choices jsonb not null,
  digest_hour integer not null check (digest_hour between 0 and 23),
  time_zone text not null,
  updated_at timestamptz(3) not null
);

-- How many notifications each person was given. Whoever gives one keeps the row until the commit, so numbers of one person become
-- visible in their order.
create table notification_count (
  user_id uuid primary key references auth_user (id) on delete cascade,
  given bigint not null
);

alter table notification
  add column user_id uuid references auth_user (id) on delete cascade,
  add column kind text,
  -- Its place among the person's notifications; null for what is sent and not shown in the portal.
  add column number bigint,
  -- As what the person is told, and in which of the roles; with the organization it says who may still see it. There are no foreign
  -- keys to what it is about: checking them would wait for commands that have the application locked.
  add column capacity text check (capacity in ('MEMBER', 'STAFF', 'SELF')),
  add column roles text[],
  add column organization_id uuid,
  add column application_id uuid,
  -- What is shown in the portal.
  add column body text,
  add column read_at timestamptz(3),
  -- When the daily e-mail that it waits for is due, and which one told of it.
  add column digest_at timestamptz(3),
  add column digest_id uuid,
  alter column sealed_body drop not null,
  drop constraint notification_status_check,
  add constraint notification_status_check
    check (status in ('PENDING', 'SENT', 'FAILED', 'WAITING', 'DIGESTED', 'LEFT_OUT', 'UNWANTED')),
  add constraint notification_sealed_check
    check (sealed_body is not null or status in ('WAITING', 'DIGESTED', 'LEFT_OUT', 'UNWANTED')),
  add constraint notification_shown_check
    check (number is null
      or (user_id is not null and kind is not null and capacity is not null and roles is not null and body is not null)),
  add constraint notification_waiting_check check (status <> 'WAITING' or (number is not null and digest_at is not null));

create unique index notification_number_unique on notification (user_id, number) where number is not null;
create index notification_unread_index on notification (user_id, number) where number is not null and read_at is null;
create index notification_waiting_index on notification (user_id, digest_at) where status = 'WAITING';

drop index notification_done_index;
create index notification_done_index on notification (created_at) where status not in ('PENDING', 'WAITING');
