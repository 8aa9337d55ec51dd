import { registerEnumType } from 'type-graphql';
import { describedEnum } from '../api/described-enum.js';
import { type OrganizationSector, organizationSectors } from './organization.entity.js';

const sectors = describedEnum(
  'Sector',
  'What an organization does: CISA’s critical infrastructure sectors, and those who defend them.',
  organizationSectors,
);
registerEnumType(sectors.values, sectors.config);
export const SectorEnum = sectors.values;
export type { OrganizationSector };
