-- What reports look for by time. Each is written once or twice in the life of an application.

create index application_revision_first_index on application_revision (submitted_at, application_id) where number = 1;
create index decision_countersigned_index on decision (countersigned_at) where status = 'COUNTERSIGNED';
create index timeline_event_ending_index on timeline_event (at)
  where event in ('application.withdrawn', 'application.returned_without_action');
