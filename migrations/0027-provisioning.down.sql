drop table provisioning_task;
alter table product drop column open_within_minutes, drop column close_within_minutes;
drop table provisioning_system;
