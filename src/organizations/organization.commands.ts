import { GraphQLCountryCode } from 'graphql-scalars';
import type { Command } from '../doorway/command.js';
import { requireLine, requirePermission, requirePerson, requireText } from '../doorway/requirements.js';
import { type Problem, Refusal } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { Membership } from './membership.entity.js';
import { allSectors, Organization, type OrganizationSector } from './organization.entity.js';

export interface CreateOrganizationInput {
  readonly legalName: string;
  readonly country: string;
  readonly sector: string;
  readonly website: string;
  readonly registrationNumber: string;
}

/** One person may register this many organizations: enough for honest groups, few enough to notice abuse. */
const mostOrganizations = 20;

/** Registers a partner organization; whoever does becomes its owner. */
export const createOrganization: Command<CreateOrganizationInput, { organizationId: string }> = {
  name: 'organization.create',
  duplicates: {
    organization_registration_unique:
      'An organization with this registration number in this country is registered already. Ask its owner to invite you.',
  },
  async run(work, input) {
    const person = requirePerson(work.actor);
    requirePermission('createOrganization', work.actor, null);
    const checked = checkOrganization(input);
    if ((await work.em.count(Organization, { createdBy: person.personId })) >= mostOrganizations) {
      throw Refusal.of('LIMIT_REACHED', `One person can register ${mostOrganizations} organizations.`);
    }
    const organization = work.em.create(Organization, {
      id: work.ids.next(),
      ...checked,
      version: 1,
      createdBy: person.personId,
      createdAt: work.now,
      updatedAt: work.now,
    });
    await work.em.flush();
    work.em.create(Membership, {
      id: work.ids.next(),
      organizationId: organization.id,
      userId: person.personId,
      role: 'OWNER',
      version: 1,
      createdAt: work.now,
      updatedAt: work.now,
    });
    // Who is recused by it is worked out now, and not while others wait for their place in the audit log.
    await work.em.flush();
    work.record({
      event: 'organization.created',
      payload: { organizationId: encodeId('organization', organization.id) },
      subject: { kind: 'organization', id: organization.id },
      organizationId: organization.id,
    });
    return { organizationId: organization.id };
  },
};

type CheckedOrganization = Omit<CreateOrganizationInput, 'sector'> & { readonly sector: OrganizationSector };

/** @throws Refusal with every problem at once */
function checkOrganization(input: CreateOrganizationInput): CheckedOrganization {
  const problems: Problem[] = [];
  const check = <T>(parse: () => T, otherwise: T): T => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      problems.push(...error.problems);
      return otherwise;
    }
  };
  const checked = {
    legalName: check(() => requireLine(input.legalName, ['legalName'], 300), ''),
    country: check(() => requireCountry(input.country), ''),
    sector: check<OrganizationSector>(() => requireSector(input.sector), 'ENERGY'),
    website: check(() => requireWebsite(input.website), ''),
    registrationNumber: check(() => requireLine(input.registrationNumber, ['registrationNumber'], 100), ''),
  };
  if (problems.length > 0) throw new Refusal(problems);
  return checked;
}

function requireCountry(text: string): string {
  const code = text.trim().toUpperCase();
  if (isCountryCode(code)) return code;
  throw Refusal.of('INVALID', 'A country is given by its two letters of ISO 3166-1, such as NL or US.', ['country']);
}

/** ISO 3166-1 alpha-2, by the list that the scalar library keeps. */
function isCountryCode(code: string): boolean {
  try {
    GraphQLCountryCode.parseValue(code);
    return true;
  } catch {
    return false;
  }
}

function requireSector(text: string): OrganizationSector {
  const sector = allSectors.find((known) => known === text);
  if (sector) return sector;
  throw Refusal.of('INVALID', `A sector is one of ${allSectors.join(', ')}.`, ['sector']);
}

function requireWebsite(text: string): string {
  const website = requireText(text, ['website'], 500);
  const url = URL.canParse(website) ? new URL(website) : null;
  const isWeb = url !== null && ['http:', 'https:'].includes(url.protocol) && url.hostname.includes('.');
  if (isWeb && !url.username && !url.password) return url.href;
  throw Refusal.of('INVALID', 'A website is an address such as https://www.example.org.', ['website']);
}
