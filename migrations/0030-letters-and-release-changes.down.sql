drop table release_change;
alter table directive drop column letter_id;
drop table directive_letter;
