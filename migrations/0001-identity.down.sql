drop table rate_limit;
drop table staff_member;
drop table auth_verification;
drop table auth_account;
drop table auth_session;
drop table auth_user;
drop function require_written;
