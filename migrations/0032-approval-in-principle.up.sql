-- A decision can approve in principle: while the product's release does not permit it, the grant waits until it does.

alter table decision
  add column in_principle boolean not null default false,
  add check (not in_principle or outcome <> 'REFUSE');

alter table access_grant
  drop constraint access_grant_status_check,
  add constraint access_grant_status_check check (status in ('APPROVED_IN_PRINCIPLE', 'WAITLISTED',
    'PENDING_PROVISIONING', 'ACTIVE', 'SUSPENDED', 'EXPIRED', 'REVOKED', 'SURRENDERED'));
-- The job that lets them in finds those that wait, and nothing else, each minute.
create index access_grant_in_principle_index on access_grant (product_code, id) where status = 'APPROVED_IN_PRINCIPLE';
