-- Whether a grant is suspended because its product's release shut it, on its own row: a halt of very many grants finds
-- those that are not marked yet by one index, and what is marked leaves it. The suspension remains the account of it.

alter table access_grant add column shut_by_release boolean not null default false;
update access_grant as g set shut_by_release = true from grant_suspension as s
where s.grant_id = g.id and s.cause = 'RELEASE' and s.lifted_at is null;
create index access_grant_unshut_index on access_grant (product_code, permitted_at)
  where status in ('ACTIVE', 'SUSPENDED') and not shut_by_release;
