drop table stage_history;
drop table deadline_notice;
drop table check_result;
