-- What an audit record says is hashed by itself first, and that hash goes into the chain. So a record's place can be shown
-- to somebody who may not read what it says (docs/adr/0035-evidence.md). Records written before keep the hashes they have.

create function audit_content_text(r audit_record) returns text language sql immutable as $$
  select jsonb_build_array(r.id, (extract(epoch from r.at) * 1000)::bigint, r.command, r.event, r.event_version, r.audience,
    r.actor_kind, r.actor_id, r.actor_role, r.organization_id, r.application_id, r.subject_kind, r.subject_id, r.payload,
    r.request_id)::text
$$;

create or replace function audit_record_text(r audit_record) returns text language sql immutable as $$
  select jsonb_build_array(r.previous_hash, r.sequence,
    encode(sha256(convert_to(audit_content_text(r), 'UTF8')), 'hex'))::text
$$;

-- When program managers were told, once, that a directive is to be reviewed.
alter table directive add column review_reminded_at timestamptz(3);
