-- One unit of the data set: 2,000 organizations of two people, 20,000 applications, 60,000 documents; in-turn.sql has
-- its memberships and its 200,000 audit records.
-- Its number, from 0, is in bench.unit, and the number of units in bench.units.
--
-- Of the ten applications of each organization, one for each program, two are drafts that can be submitted, two are at
-- screening, one each is at intake, technical review and decision, two are granted, and one is refused.

create temp table unit on commit drop as select u as number, s as units, bench.moment(u, s) as begins
from (select current_setting('bench.unit')::numeric as u, current_setting('bench.units')::numeric as s) as settings;

create temp table partner on commit drop as
select n, bench.id('organization', n, begins) as id, bench.id('person', n * 2, begins) as owner_id, bench.id('person', n * 2 + 1, begins) as applicant_id, begins as at
from unit, generate_series((number * 2000)::bigint, (number * 2000)::bigint + 1999) as n;

insert into auth_user (id, name, email, email_verified, created_at, updated_at)
select bench.id('person', n, begins),
  bench.one_of('given' || n, array['Ada', 'Bo', 'Chidi', 'Dana', 'Elif', 'Farid', 'Grace', 'Hana', 'Ivo', 'Juno', 'Kofi', 'Lena']) || ' '
    || bench.one_of('family' || n, array['Abe', 'Brandt', 'Castro', 'Diallo', 'Eriksen', 'Fofana', 'Garcia', 'Haddad', 'Ito', 'Jansen']) || ' ' || n,
  format('person-%s@partner.example', n), true, begins, begins
from unit, generate_series((number * 4000)::bigint, (number * 4000)::bigint + 3999) as n;

insert into auth_session (id, user_id, token, expires_at, user_agent, created_at, updated_at)
select bench.id('session', n, begins), bench.id('person', n, begins), encode(sha256(convert_to(bench.session_token('partner', n), 'UTF8')), 'hex'),
  '2099-01-01', 'bench', begins, begins
from unit, generate_series((number * 4000)::bigint, (number * 4000)::bigint + 3999) as n;

insert into organization (id, legal_name, country, sector, website, registration_number, created_by, created_at, updated_at)
select id,
  bench.one_of('name' || n, array['Northern', 'Tidewater', 'Granite', 'Blue Ridge', 'Harbor', 'Summit', 'Prairie', 'Delta']) || ' '
    || bench.one_of('line' || n, array['Utilities', 'Cyber Defence', 'Energy', 'Rail', 'Hospitals', 'Water', 'Networks']) || ' ' || n,
  bench.one_of('country' || n, array['US', 'CA', 'GB', 'DE', 'FR', 'JP', 'AU', 'NL']),
  bench.one_of('sector' || n, array['energy', 'water', 'health', 'transport', 'communications', 'cyber-defence']),
  format('https://partner-%s.example', n), format('R-%s', n), owner_id, at, at
from partner;

-- The ten events of each application are spread over the time of the unit, among those of all others.
create temp table applied on commit drop as
select a.n, bench.id('application', a.n, a.moments[1]) as id, 'A-2025-' || lpad(a.n::text, greatest(6, length(a.n::text)), '0') as reference,
  p.id as organization_id, p.owner_id, p.applicant_id, a.program, (a.program + p.n) % 10 as kind, a.moments,
  bench.id('program', a.program, bench.moment(0, 1)) as program_id, bench.id('program version', a.program, bench.moment(0, 1)) as program_version_id,
  bench.id('terms', a.program, bench.moment(0, 1)) as terms_id
from (
  select (number * 20000)::bigint + i as n, i / 2000 as program, (number * 2000)::bigint + i % 2000 as partner,
    array(select bench.moment(number * 200000 + e * 20000 + i, units * 200000) from generate_series(0, 9) as e) as moments
  from unit, generate_series(0, 19999) as i) as a
join partner as p on p.n = a.partner;
alter table applied add type_id text, add answers jsonb, add assignee integer, add first_reviewer integer, add decider integer;
update applied set type_id = bench.type_id('application', id),
  assignee = case when kind between 3 and 6 and bench.draw('assigned' || n, 3) > 0 then bench.draw('assignee' || n, 40) end,
  first_reviewer = bench.draw('reviewer' || n, 40), decider = bench.draw('decider' || n, 40),
  answers = jsonb_build_object(
    'purpose', bench.one_of('purpose' || n, array['VULNERABILITY_DISCOVERY', 'PATCH_VALIDATION', 'DETECTION_ENGINEERING', 'INCIDENT_RESPONSE']),
    'endUse', format('Our team of %s defends the systems that our customers rely on, and will use the product on these alone. %s', 3 + bench.draw('team' || n, 30), md5('end use' || n)),
    'seats', 1 + bench.draw('seats' || n, 50), 'ownsOrAuthorized', true,
    'onwardAccess', bench.one_of('onward' || n, array['NONE', 'AFFILIATES']),
    'safeguards', repeat('Hardware keys, logging, and reviews each quarter. ', 1 + bench.draw('safeguards' || n, 6)));
create index on applied (n);
analyze applied;

-- What is overdue was due a while ago, and what is not is due in 2035: how much is overdue does not change while it is measured.
insert into application (id, reference, organization_id, program_id, program_version_id, status, status_before, stage_key, queue, assignee_id, answers, revision,
  created_by, submitted_at, stage_entered_at, due_at, decided_at, version, created_at, updated_at)
select id, reference, organization_id, program_id, program_version_id,
  case when kind in (0, 1) then 'DRAFT' when kind = 4 then 'SUBMITTED' when kind in (2, 3, 5, 6) then 'IN_REVIEW'
    when kind = 7 then 'APPROVED' when kind = 8 then 'APPROVED_WITH_CONDITIONS' else 'REFUSED' end, null,
  case when kind in (0, 1, 4) then null when kind in (2, 3) then 'screening' when kind = 5 then 'technical-review' else 'decision' end,
  case when kind in (2, 3) then 'screening' when kind = 4 then 'intake' when kind = 5 then 'technical-review' when kind = 6 then 'decision' end,
  bench.id('staff', assignee, bench.moment(0, 1)), answers, case when kind in (0, 1) then 0 else 1 end, applicant_id,
  case when kind > 1 then moments[7] end, case when kind = 4 then moments[7] when kind in (2, 3) then moments[8] when kind = 5 then moments[9] when kind > 5 then moments[10] end,
  case when kind between 2 and 6 then case when bench.draw('overdue' || n, 4) = 0 then moments[10] else '2035-01-01' end
    + bench.draw('due' || n, 600000) * interval '1 second' end,
  case when kind > 6 then moments[10] end, 10, moments[1], moments[10]
from applied order by n;

insert into terms_acceptance (id, application_id, organization_id, terms_version_id, body_sha256, accepted_by, ip_address, accepted_at)
select bench.id('acceptance', n, moments[6]), applied.id, organization_id, terms_id, t.body_sha256, applicant_id, '127.0.0.1', moments[6]
from applied join terms_version as t on t.id = terms_id order by n;

create temp table provided on commit drop as
select n, d, applied.id as application_id, organization_id, applicant_id, kind, moments, bench.id('document' || d, n, moments[2 + d]) as id,
  (array['end-use-statement', 'security-program', 'supporting-evidence'])[d] as requirement_key,
  (array['end-use-statement.pdf', 'security-program.pdf', 'certificate.pdf'])[d] as file_name,
  encode(sha256(convert_to('document ' || n || ' ' || d, 'UTF8')), 'hex') as sha256
from applied, generate_series(1, 3) as d;

insert into document (id, application_id, organization_id, requirement_key, file_name, media_type, size, sha256, storage_key, status, uploaded_by,
  completed_at, version, created_at, updated_at)
select id, application_id, organization_id, requirement_key, file_name, 'application/pdf', 10000 + bench.draw('size' || n || d, 900000), sha256,
  'bench/' || n || '/' || d, 'AVAILABLE', applicant_id, moments[2 + d], 2, moments[2 + d], moments[2 + d]
from provided order by n, d;

insert into application_revision (id, application_id, number, answers, documents, submitted_by, submitted_at)
select bench.id('revision', n, moments[7]), id, 1, answers, d.documents, applicant_id, moments[7]
from applied join (
  select n, jsonb_agg(jsonb_build_object('documentId', bench.type_id('document', id), 'requirementKey', requirement_key, 'fileName', file_name, 'sha256', sha256) order by d) as documents
  from provided where kind > 1 group by n) as d using (n)
order by n;

insert into clock_interval (id, application_id, stage_key, kind, cause, started_at, ended_at)
select bench.id('interval' || s, n, moments[6 + s]), id, (array['intake', 'screening', 'technical-review', 'decision'])[s], 'RUNNING',
  (array['SUBMITTED', 'REVIEW_STARTED', 'STAGE_ADVANCED', 'STAGE_ADVANCED'])[s], moments[6 + s],
  case when s < steps then moments[7 + s] when kind > 6 then moments[10] end
from applied, lateral (select case when kind = 4 then 1 when kind in (2, 3) then 2 when kind = 5 then 3 else 4 end as steps) as of_kind, generate_series(1, steps) as s
where kind > 1 order by n, s;

insert into recommendation (id, application_id, revision, stage_key, reviewer_id, role, kind, comment, conditions, recommended_at)
select bench.id('recommendation' || r, n, moments[9]), id, 1, 'technical-review', bench.id('staff person', (first_reviewer + r) % 40, bench.moment(0, 1)),
  'REVIEWER', 'APPROVE', 'The safeguards fit the end use.', '[]', moments[9]
from applied, generate_series(0, 1) as r where kind > 5 order by n, r;

insert into decision (id, application_id, on_appeal, outcome, reasons, conditions, internal_note, status, proposed_by, proposed_at, countersigned_by, countersigned_at, version)
select bench.id('decision', n, moments[10]), id, false, case kind when 7 then 'APPROVE' when 8 then 'APPROVE_WITH_CONDITIONS' else 'REFUSE' end,
  case when kind = 9 then '["The end use is outside the program."]'::jsonb else '[]' end, case when kind = 8 then '["Seats are named."]'::jsonb else '[]' end, '', 'COUNTERSIGNED',
  bench.id('staff person', decider, bench.moment(0, 1)), moments[10], bench.id('staff person', (decider + 1) % 40, bench.moment(0, 1)), moments[10], 2
from applied where kind > 6 order by n;

insert into access_grant (id, reference, application_id, decision_id, organization_id, program_id, product_code, permitted_at, permitted_by, status, conditions, seats, regions, starts_at, ends_at, provisioned_at, version, created_at, updated_at)
select bench.id('grant', n, moments[10]), 'G-2025-' || lpad(n::text, greatest(6, length(n::text)), '0'), id, bench.id('decision', n, moments[10]), organization_id, program_id, 'mythos-5', moments[10], '[]', 'ACTIVE',
  case when kind = 8 then '["Seats are named."]'::jsonb else '[]' end, 12, '[]', moments[10], '2035-10-28', moments[10], 2, moments[10], moments[10]
from applied where kind in (7, 8) order by n;
