drop table access_grant;
drop sequence access_grant_reference_sequence;
drop table decision;
drop table recusal;
drop table recommendation;
