import { registerEnumType } from 'type-graphql';
import { partnerRoles, staffRoles } from '../lifecycle/roles.js';
import { describedEnum } from './described-enum.js';

const staff = describedEnum(
  'StaffRole',
  'What a member of staff may do; one person can have several roles.',
  staffRoles,
);
registerEnumType(staff.values, staff.config);
export const StaffRoleEnum = staff.values;

const partner = describedEnum('PartnerRole', 'What a member may do for their organization.', partnerRoles);
registerEnumType(partner.values, partner.config);
export const PartnerRoleEnum = partner.values;
