alter table access_grant add column suspended_by uuid references auth_user (id);
update access_grant as g set suspended_by = s.since_by from grant_suspension as s
where s.grant_id = g.id and s.cause = 'STAFF' and s.lifted_at is null;
drop table grant_suspension;
drop index access_grant_product_index;
create index access_grant_product_index on access_grant (product_code, permitted_at, id) where status in ('PENDING_PROVISIONING', 'ACTIVE');
