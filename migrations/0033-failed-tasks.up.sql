-- A task that failed too often is given up until somebody puts it back. It is still the one thing to do with its grant.

alter table provisioning_task
  drop constraint provisioning_task_status_check,
  add constraint provisioning_task_status_check check (status in
    ('OPEN', 'CLAIMED', 'FAILED', 'DONE', 'VERIFIED', 'CONTRADICTED', 'CANCELLED')),
  -- so often it is handed out, and not once more; whoever puts it back gives it as many again
  add column attempts_until integer not null default 16;
-- what was tried more often before there was an end has as many before it as a new one
update provisioning_task set attempts_until = attempts + 16 where status in ('OPEN', 'CLAIMED');
drop index provisioning_task_open_unique;
create unique index provisioning_task_open_unique on provisioning_task (grant_id) where status in ('OPEN', 'CLAIMED', 'FAILED');
