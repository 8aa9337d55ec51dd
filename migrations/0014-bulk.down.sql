drop table bulk_item;
drop table bulk_operation;
