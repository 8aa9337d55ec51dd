drop index organization_operator_unique;
alter table organization
  drop constraint organization_operator_proposal,
  drop column operator_proposed_by,
  drop column operator_proposed,
  drop column is_operator;
drop table attestation;
drop index terms_version_required_index;
alter table terms_version drop column reaccept_by;
drop table signing_key;
