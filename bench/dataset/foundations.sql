-- What there is once, whatever the size: 40 members of staff, and ten programs with the content of the sample program ($1).

insert into auth_user (id, name, email, email_verified, created_at, updated_at)
select bench.id('staff person', n, bench.moment(0, 1)), format('Staff %s', n), format('staff-%s@operator.example', n), true,
  bench.moment(0, 1), bench.moment(0, 1)
from generate_series(0, 39) as n;

insert into staff_member (id, user_id, roles, active, must_change_password, created_at, updated_at)
select bench.id('staff', n, bench.moment(0, 1)), bench.id('staff person', n, bench.moment(0, 1)),
  case when n % 4 = 3 then array['DECIDER', 'PROGRAM_MANAGER'] else array['INTAKE', 'REVIEWER'] end, true, false,
  bench.moment(0, 1), bench.moment(0, 1)
from generate_series(0, 39) as n;

insert into auth_session (id, user_id, token, expires_at, created_at, updated_at)
select bench.id('staff session', n, bench.moment(0, 1)), bench.id('staff person', n, bench.moment(0, 1)),
  encode(sha256(convert_to(bench.session_token('staff', n), 'UTF8')), 'hex'), '2099-01-01', bench.moment(0, 1), bench.moment(0, 1)
from generate_series(0, 39) as n;

create temp table sample on commit drop as select current_setting('bench.sample')::jsonb as program;

insert into product (id, code, name, stated_status, created_at, updated_at)
select bench.id('product', 0, bench.moment(0, 1)), program ->> 'productCode', program ->> 'productName', 'LIMITED', bench.moment(0, 1), bench.moment(0, 1)
from sample;

insert into program (id, code, name, summary, product_code, status, created_at, updated_at)
select bench.id('program', n, bench.moment(0, 1)), program ->> 'code' || '-' || n, program ->> 'name' || ' ' || n, program ->> 'summary',
  program ->> 'productCode', 'OPEN', bench.moment(0, 1), bench.moment(0, 1)
from sample, generate_series(0, 9) as n;

insert into terms_version (id, program_id, label, body, body_sha256, published_at)
select bench.id('terms', n, bench.moment(0, 1)), bench.id('program', n, bench.moment(0, 1)), program #>> '{version,terms,label}', body,
  encode(sha256(convert_to(body, 'UTF8')), 'hex'), bench.moment(0, 1)
from sample, generate_series(0, 9) as n, lateral (select program #>> '{version,terms,body}' as body) as terms;

insert into program_version (id, program_id, number, questionnaire, document_requirements, workflow, terms_version_id, grant_months, published_at)
select bench.id('program version', n, bench.moment(0, 1)), bench.id('program', n, bench.moment(0, 1)), 1,
  program #> '{version,questionnaire}', program #> '{version,documentRequirements}', program #> '{version,workflow}',
  bench.id('terms', n, bench.moment(0, 1)), (program #>> '{version,grantMonths}')::integer, bench.moment(0, 1)
from sample, generate_series(0, 9) as n;

update program set current_version_id = v.id from program_version as v where v.program_id = program.id;
