-- What the runs need besides the data: which applications commands are tried on, and how everything was before.

select setval('application_reference_sequence', (select count(*) from application));

create table bench.candidate as
select id, status, submitter from (
  select a.id, a.status, m.user_id as submitter, row_number() over (partition by a.status order by md5(a.id::text)) as place
  from application as a join membership as m on m.organization_id = a.organization_id and m.role = 'OWNER'
  where a.status = 'DRAFT' or a.queue = 'screening') as found
where place <= 8000;
alter table bench.candidate add primary key (id);

create table bench.application_before as select a.* from application as a join bench.candidate using (id);
create table bench.clock_interval_before as select c.* from clock_interval as c join bench.candidate as x on x.id = c.application_id;
create index on bench.application_before (id);
create index on bench.clock_interval_before (application_id);
create table bench.audit_head_before as select * from audit_head;
