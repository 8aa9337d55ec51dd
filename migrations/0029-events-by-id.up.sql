-- Events are told of by their ids. When there are many at once, such as those of a halt, they are no longer near the end of the log.
create index audit_record_id_index on audit_record (id);
