drop index application_in_hand_index;
drop table assignment;
drop table away_period;
drop table flag;
drop table flag_definition;
