drop index access_grant_unshut_index;
alter table access_grant drop column shut_by_release;
