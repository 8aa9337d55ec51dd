drop table api_key;
drop table invitation;
drop table membership;
drop table organization;
