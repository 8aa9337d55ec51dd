import { partnerRoles, staffRoles } from '../lifecycle/roles.js';
import { registeredEnum } from './registered-enum.js';

export const StaffRoleEnum = registeredEnum(
  'StaffRole',
  'What a member of staff may do; one person can have several roles.',
  staffRoles,
);

export const PartnerRoleEnum = registeredEnum(
  'PartnerRole',
  'What a member may do for their organization.',
  partnerRoles,
);
