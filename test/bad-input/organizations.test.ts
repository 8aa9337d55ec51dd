import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { registerOrganization } from '../../src/demo/applying.js';
import { codesOf, type Partner, Story } from '../journeys/story.js';
import { addressOf } from '../support/portal.js';
import { complaint, refused } from './bad-input-desk.js';

const organization = {
  legalName: 'Harbour Utilities',
  country: 'NL',
  sector: 'WATER_AND_WASTEWATER',
  website: 'https://www.example.org',
  registrationNumber: 'H-1',
};

describe('what a person says of an organization and its people', () => {
  let story: Story;
  let partner: Partner;

  beforeAll(async () => {
    story = await Story.open();
    partner = await story.partner('Hanna Harbour', 'Harbour Pilots');
  });
  afterAll(() => story.close());

  const website = /A website is an address such as/;

  it.each([
    ['a blank name', { legalName: ' \n ' }, 'REQUIRED', 'legalName', /must not be empty/],
    ['a name of 301 characters', { legalName: 'x'.repeat(301) }, 'INVALID', 'legalName', /At most 300/],
    ['a name on two lines', { legalName: 'Harbour\r\nBcc: all@example.org' }, 'INVALID', 'legalName', /one line/],
    ['a name that turns its direction', { legalName: 'Harbour \u202egrO.' }, 'INVALID', 'legalName', /one line/],
    ['country XX', { country: 'XX' }, 'INVALID', 'country', /two letters of ISO 3166-1/],
    ['a country in words', { country: 'Netherlands' }, 'INVALID', 'country', /two letters/],
    ['no country', { country: '' }, 'INVALID', 'country', /two letters/],
    ['a script for a website', { website: 'javascript:alert(1)' }, 'INVALID', 'website', website],
    ['data for a website', { website: 'data:text/html,<script>' }, 'INVALID', 'website', website],
    ['a website without a scheme', { website: 'www.example.org' }, 'INVALID', 'website', website],
    ['a website with a password', { website: 'https://me:secret@example.org' }, 'INVALID', 'website', website],
    ['a website on one’s own machine', { website: 'https://localhost/' }, 'INVALID', 'website', website],
    [
      'a website of 501 characters',
      { website: `https://e.org/${'x'.repeat(487)}` },
      'INVALID',
      'website',
      /At most 500/,
    ],
    ['no website', { website: '' }, 'REQUIRED', 'website', /must not be empty/],
    ['no registration number', { registrationNumber: '  ' }, 'REQUIRED', 'registrationNumber', /must not be empty/],
    [
      'a registration number of 101 characters',
      { registrationNumber: '1'.repeat(101) },
      'INVALID',
      'registrationNumber',
      /At most 100/,
    ],
    ['half a character in a name', { legalName: 'A\ud800' }, 'INVALID', 'legalName', /well-formed/],
  ])('is refused with %s', async (_what, changes, code, path, gist) => {
    expect(await refused(story.desk, partner.owner, 'createOrganization', { ...organization, ...changes })).toEqual([
      complaint(code, path, gist),
    ]);
  });

  it('is refused with everything that is wrong at once', async () => {
    const wrong = { ...organization, legalName: '', country: 'XX', website: 'x', registrationNumber: '' };
    const complaints = await refused(story.desk, partner.owner, 'createOrganization', wrong);
    expect(complaints.map(({ path }) => path)).toEqual(['legalName', 'country', 'website', 'registrationNumber']);
  });

  it('is refused with a sector that is none, before it is looked at further', async () => {
    const given = { ...organization, sector: 'PIRACY' };
    expect(await refused(story.desk, partner.owner, 'createOrganization', given)).toEqual([
      complaint('BAD_USER_INPUT', undefined, /input\.sector.*Sector/),
    ]);
  });

  it('is refused when its number is registered already in its country, in whatever case and spacing', async () => {
    await registerOrganization(partner.owner, 'Lock Keepers', 'nl-Ab7');
    const other = await story.desk.person('Ole Other');
    for (const registrationNumber of ['nl-Ab7', 'NL-AB7', 'nl-ab7', '  NL-ab7 ']) {
      const given = { ...organization, registrationNumber };
      expect(await refused(story.desk, other, 'createOrganization', given)).toEqual([
        complaint('ALREADY_EXISTS', '', /registered already\. Ask its owner to invite you\./),
      ]);
    }
    expect(
      await codesOf(other, 'createOrganization', { ...organization, country: 'be', registrationNumber: 'NL-AB7' }),
    ).toEqual([]);
  });

  it('is registered once when two people register it at one moment', async () => {
    const given = { ...organization, registrationNumber: 'RACE-1' };
    const [one, two] = [partner.owner, await story.desk.person('Rudi Racer')];
    const codes = await Promise.all([one, two].map((person) => codesOf(person, 'createOrganization', given)));
    expect(codes.map(([code]) => code ?? 'accepted').sort()).toEqual(['ALREADY_EXISTS', 'accepted']);
  });

  it.each([
    '',
    'x',
    'a@b',
    '@example.org',
    'a@@example.org',
    'a b@example.org',
    'a@example.org\r\nBcc: all@example.org',
    'a@example.org, b@example.org',
    '"Ann" <ann@example.org>',
    `${'x'.repeat(250)}@example.org`,
    'a\u202e@example.org',
    'a@exa\u00admple.org',
  ])('is refused with the e-mail address "%s"', async (email) => {
    const { organizationId } = partner;
    expect(await refused(story.desk, partner.owner, 'inviteMember', { organizationId, email, role: 'VIEWER' })).toEqual(
      [complaint('INVALID', 'email', /not an e-mail address/)],
    );
  });

  it('is refused with a role that is none, or one of staff', async () => {
    const { organizationId } = partner;
    for (const role of ['ADMIN', 'owner', '']) {
      const given = { organizationId, email: 'a@example.org', role };
      expect(await refused(story.desk, partner.owner, 'inviteMember', given)).toEqual([
        complaint('BAD_USER_INPUT', undefined, /PartnerRole/),
      ]);
    }
  });

  it('is refused when it invites twice, or somebody who belongs there already, by whatever case', async () => {
    const { organizationId } = partner;
    const invite = (email: string) =>
      refused(story.desk, partner.owner, 'inviteMember', { organizationId, email, role: 'VIEWER' });
    await partner.owner.must('inviteMember', { organizationId, email: 'Twice@Example.org', role: 'VIEWER' });
    expect(await invite('twice@example.ORG')).toEqual([complaint('ALREADY_EXISTS', '', /open invitation already/)]);
    expect(await invite(partner.email.toUpperCase())).toEqual([
      complaint('ALREADY_EXISTS', 'email', /belongs to your organization already/i),
    ]);
  });

  it('is refused with an invitation that is none, somebody else’s, used, taken back or too old', async () => {
    const { organizationId } = partner;
    const { desk } = story;
    const stranger = await desk.person('Sven Stranger');
    const accept = (token: string) => refused(desk, stranger, 'acceptInvitation', { token });
    const noSuch = [complaint('NOT_FOUND', 'token', /no open invitation with this token for your e-mail address/)];
    for (const token of ['', 'x', 'x'.repeat(43), '../..', 'x'.repeat(100_000)])
      expect(await accept(token)).toEqual(noSuch);

    const invited = await partner.owner.must(
      'inviteMember',
      { organizationId, email: 'somebody@example.org', role: 'OWNER' },
      'invitation { id }',
    );
    const token = await story.invitationToken('somebody@example.org');
    expect(await accept(token)).toEqual(noSuch);

    const mine = { organizationId, email: addressOf('Sven Stranger'), role: 'VIEWER' };
    await partner.owner.must('inviteMember', mine);
    const late = await story.invitationToken(mine.email);
    desk.clock.advance(14 * 24 * 60 * 60 * 1000);
    const again = await story.signInAgain(mine.email);
    expect(await refused(desk, again, 'acceptInvitation', { token: late })).toEqual([
      complaint('EXPIRED', 'token', /has expired; ask for another one/),
    ]);
    const owner = await story.signInAgain(partner.email);
    await owner.must('inviteMember', mine);
    const good = await story.invitationToken(mine.email);
    await again.must('acceptInvitation', { token: good });
    expect(await refused(desk, again, 'acceptInvitation', { token: good })).toEqual([
      complaint('NOT_ALLOWED_NOW', '', /accepted this invitation already/),
    ]);
    expect(invited).toMatchObject({ invitation: { id: expect.any(String) } });
  });
});
