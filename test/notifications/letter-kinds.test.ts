import { describe, expect, it } from '@jest/globals';
import { eventDefinition, isEventName } from '../../src/events/catalogue.js';
import { accountKinds } from '../../src/notifications/account-kinds.js';
import { applicationLetters } from '../../src/notifications/application-letters.js';
import { correspondenceLetters } from '../../src/notifications/correspondence-letters.js';
import { grantLetters } from '../../src/notifications/grant-letters.js';
import { informationRequestLetters } from '../../src/notifications/information-request-letters.js';
import {
  canBeTurnedOff,
  heldChoice,
  letterKind,
  letterKinds,
  lettersAbout,
} from '../../src/notifications/letter-kinds.js';
import { organizationLetters } from '../../src/notifications/organization-letters.js';
import { provisioningLetters } from '../../src/notifications/provisioning-letters.js';
import { releaseLetters } from '../../src/notifications/release-letters.js';
import { reopeningLetters } from '../../src/notifications/reopening-letters.js';
import { screeningLetters } from '../../src/notifications/screening-letters.js';
import { termsLetters } from '../../src/notifications/terms-letters.js';
import { workflowLetters } from '../../src/notifications/workflow-letters.js';

describe('the kinds of letters that people choose of', () => {
  it('are all letters that there are, each described', () => {
    const written = [
      applicationLetters,
      workflowLetters,
      informationRequestLetters,
      correspondenceLetters,
      releaseLetters,
      reopeningLetters,
      grantLetters,
      provisioningLetters,
      organizationLetters,
      termsLetters,
      screeningLetters,
      accountKinds,
    ].flatMap((letters) => Object.keys(letters));
    expect(letterKinds.map(({ name }) => name).sort()).toEqual(written.sort());
    for (const { name, description } of letterKinds)
      expect([name, description]).toEqual([name, expect.stringMatching(/\.$/)]);
  });

  it('are about events that are told of at all', () => {
    for (const { name } of letterKinds.filter((kind) => lettersAbout(kind.name).length > 0)) {
      expect([name, isEventName(name) && eventDefinition(name).delivered]).toEqual([name, true]);
    }
  });

  it('can be turned off but for these, and each of these says why', () => {
    const mandatory = letterKinds.filter((kind) => !canBeTurnedOff(kind));
    for (const { name, because } of mandatory) expect([name, because]).toEqual([name, expect.stringMatching(/\.$/)]);
    expect(mandatory.map(({ name, choices }) => `${name}: ${choices.join(' ')}`).sort()).toEqual([
      'account.added_to_staff: AT_ONCE',
      'account.address_known: AT_ONCE',
      'account.address_to_confirm: AT_ONCE',
      'account.invited: AT_ONCE',
      'account.password_changed: AT_ONCE',
      'account.password_reset_asked: AT_ONCE',
      'application.approved: AT_ONCE DAILY_DIGEST',
      'application.information_request_reopened: AT_ONCE DAILY_DIGEST',
      'application.information_requested: AT_ONCE DAILY_DIGEST',
      'application.lapsed: AT_ONCE DAILY_DIGEST',
      'application.refused: AT_ONCE DAILY_DIGEST',
      'application.returned_without_action: AT_ONCE DAILY_DIGEST',
      'attestation.due: AT_ONCE',
      'grant.expired: AT_ONCE DAILY_DIGEST',
      'grant.revoked: AT_ONCE',
      'grant.suspended: AT_ONCE',
      'organization.member_joined: AT_ONCE DAILY_DIGEST',
      'organization.member_removed: AT_ONCE',
      'organization.member_role_changed: AT_ONCE',
      'provisioning.contradicted: AT_ONCE',
      'provisioning.overdue: AT_ONCE',
      'terms.published: AT_ONCE',
    ]);
  });

  it('are held to what can be chosen, whatever is stored', () => {
    const refused = letterKind('application.refused');
    const assigned = letterKind('application.assigned');
    if (!refused || !assigned) throw new Error('There are no such kinds.');
    expect(heldChoice(refused, 'NEVER')).toBe('AT_ONCE');
    expect(heldChoice(refused, 'DAILY_DIGEST')).toBe('DAILY_DIGEST');
    expect(heldChoice(assigned, 'NEVER')).toBe('NEVER');
    expect(heldChoice(assigned, null)).toBe('AT_ONCE');
  });
});
