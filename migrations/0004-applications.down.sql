drop table clock_interval;
alter table document drop constraint document_information_request_fk;
drop table information_request;
drop table document;
drop table terms_acceptance;
drop table application_revision;
drop table application;
drop sequence application_reference_sequence;
