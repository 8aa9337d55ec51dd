create or replace function audit_record_text(r audit_record) returns text language sql immutable as $$
  select jsonb_build_array(r.previous_hash, r.sequence, r.id, (extract(epoch from r.at) * 1000)::bigint, r.command, r.event, r.event_version,
    r.audience, r.actor_kind, r.actor_id, r.actor_role, r.organization_id, r.application_id, r.subject_kind, r.subject_id,
    r.payload, r.request_id)::text
$$;
drop function audit_content_text(audit_record);
alter table directive drop column review_reminded_at;
