import { registeredEnum } from '../api/registered-enum.js';
import { type OrganizationSector, organizationSectors } from './organization.entity.js';

export const SectorEnum = registeredEnum(
  'Sector',
  'What an organization does: CISA’s critical infrastructure sectors, and those who defend them.',
  organizationSectors,
);
export type { OrganizationSector };
