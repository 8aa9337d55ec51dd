import { defineEntity, p } from '@mikro-orm/core';
import type { RiskRating } from '../lifecycle/risk.js';
import { key, moment, version } from '../platform/columns.js';

/** The sixteen critical infrastructure sectors that CISA names (https://www.cisa.gov/topics/critical-infrastructure-security-and-resilience/critical-infrastructure-sectors), and those who defend them. */
export const organizationSectors = {
  CHEMICAL: 'Makes, stores or moves chemicals.',
  COMMERCIAL_FACILITIES: 'Runs places where the public gathers.',
  COMMUNICATIONS: 'Runs telephone, cable, satellite or internet networks.',
  CRITICAL_MANUFACTURING: 'Makes metals, machinery, electrical or transportation equipment.',
  CYBER_DEFENDER: 'Finds, analyses or repels attacks on the systems of others.',
  DAMS: 'Runs dams, locks, levees and the like.',
  DEFENSE_INDUSTRIAL_BASE: 'Makes or maintains what armed forces use.',
  EMERGENCY_SERVICES: 'Police, fire, rescue, emergency medicine.',
  ENERGY: 'Electricity, oil, natural gas.',
  FINANCIAL_SERVICES: 'Banks, insurers, exchanges, payment systems.',
  FOOD_AND_AGRICULTURE: 'Grows, processes or distributes food.',
  GOVERNMENT_SERVICES_AND_FACILITIES: 'Public administration and its buildings, schools and elections included.',
  HEALTHCARE_AND_PUBLIC_HEALTH: 'Hospitals, laboratories, medicines, public health.',
  INFORMATION_TECHNOLOGY: 'Hardware, software, hosting and internet services.',
  NUCLEAR: 'Nuclear reactors, materials and waste.',
  TRANSPORTATION_SYSTEMS: 'Aviation, roads, ships, rail, pipelines, post.',
  WATER_AND_WASTEWATER: 'Drinking water and wastewater.',
} as const;

export type OrganizationSector = keyof typeof organizationSectors;
export const allSectors = Object.keys(organizationSectors) as OrganizationSector[];

/** A partner organization. */
const schema = defineEntity({
  name: 'Organization',
  tableName: 'organization',
  properties: {
    id: key(),
    legalName: p.text(),
    country: p.text(),
    sector: p.text().$type<OrganizationSector>(),
    website: p.text(),
    registrationNumber: p.text(),
    /** What staff think of it, who and when; its members are not to notice. */
    risk: p.text().$type<RiskRating>().default('UNRATED'),
    riskReason: p.text().nullable(),
    riskRatedBy: p.uuid().nullable(),
    riskRatedAt: moment().nullable(),
    /** Is it the operator's own? And a change of that, which waits for a second person. */
    isOperator: p.boolean().default(false),
    operatorProposed: p.boolean().nullable(),
    operatorProposedBy: p.uuid().nullable(),
    version: version(),
    createdBy: p.uuid(),
    createdAt: moment(),
    updatedAt: moment(),
  },
});

export class Organization extends schema.class {}
schema.setClass(Organization);
