drop index notification_done_index;
-- What was never to be sent, or waits for a daily e-mail, is not known to what comes before.
delete from notification where status in ('WAITING', 'DIGESTED', 'LEFT_OUT', 'UNWANTED');
alter table notification
  drop constraint notification_status_check,
  drop constraint notification_sealed_check,
  drop constraint notification_shown_check,
  drop constraint notification_waiting_check,
  alter column sealed_body set not null,
  drop column user_id,
  drop column kind,
  drop column number,
  drop column capacity,
  drop column roles,
  drop column organization_id,
  drop column application_id,
  drop column body,
  drop column read_at,
  drop column digest_at,
  drop column digest_id,
  add constraint notification_status_check check (status in ('PENDING', 'SENT', 'FAILED'));
create index notification_done_index on notification (created_at) where status <> 'PENDING';
drop table notification_count;
drop table notification_settings;
