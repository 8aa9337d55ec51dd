-- What waits for the release is, without this, what its release has shut: it is let in again by a restoration.
insert into grant_suspension (id, grant_id, cause, reason, since_at)
  select gen_random_uuid(), id, 'RELEASE', 'The product is not released to your organization at present.', updated_at
  from access_grant where status = 'APPROVED_IN_PRINCIPLE';
update access_grant set status = 'SUSPENDED', shut_by_release = true, version = version + 1
  where status = 'APPROVED_IN_PRINCIPLE';
drop index access_grant_in_principle_index;
alter table access_grant
  drop constraint access_grant_status_check,
  add constraint access_grant_status_check check (status in
    ('WAITLISTED', 'PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED', 'EXPIRED', 'REVOKED', 'SURRENDERED'));
alter table decision drop column in_principle;
