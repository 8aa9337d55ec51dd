drop index audit_record_id_index;
