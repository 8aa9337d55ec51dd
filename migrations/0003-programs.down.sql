alter table program drop constraint program_current_version_fk;
drop table program_version;
drop table terms_version;
drop table program;
