-- Who waits for a place was approved, and waits to be provisioned where there are no waves.
update access_grant set status = 'PENDING_PROVISIONING' where status = 'WAITLISTED';
alter table access_grant
  drop constraint access_grant_status_check,
  add constraint access_grant_status_check check (status in
    ('PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED', 'EXPIRED', 'REVOKED', 'SURRENDERED'));
drop table restored_grant;
drop table restoration;
drop table wave_place;
drop table rollout_wave;
