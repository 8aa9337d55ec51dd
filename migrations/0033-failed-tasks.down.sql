update provisioning_task set status = 'OPEN' where status = 'FAILED';
drop index provisioning_task_open_unique;
create unique index provisioning_task_open_unique on provisioning_task (grant_id) where status in ('OPEN', 'CLAIMED');
alter table provisioning_task
  drop column attempts_until,
  drop constraint provisioning_task_status_check,
  add constraint provisioning_task_status_check check (status in ('OPEN', 'CLAIMED', 'DONE', 'VERIFIED', 'CONTRADICTED', 'CANCELLED'));
