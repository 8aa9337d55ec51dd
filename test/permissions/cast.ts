import { registerOrganization } from '../../src/demo/applying.js';
import { tokenIn } from '../../src/demo/people.js';
import { type PortalClient, textAt } from '../../src/demo/portal-client.js';
import type { PartnerRole, Role, StaffRole } from '../../src/lifecycle/roles.js';
import { addressOf, type TestPortal } from '../support/portal.js';

/** Somebody or something that calls the API with a credential of its own. */
export interface Player {
  readonly name: string;
  readonly client: PortalClient;
  readonly kind: 'PERSON' | 'MACHINE' | 'STRANGER';
  /** What it is, by hand, to the organization that the tests are about. */
  readonly roles: readonly Role[];
  readonly belongsToOrganization: boolean;
  /** Sees what partners submitted, and the grants of everybody. */
  readonly seesSubmitted: boolean;
  readonly seesGrants: boolean;
}

/** Everybody who could call, and the organization that it is all about. */
export interface Cast {
  readonly organizationId: string;
  readonly otherOrganizationId: string;
  readonly players: readonly Player[];
  player(name: string): Player;
}

/** Signs everybody up, by the API and the mail, as they would. */
export async function assemble(desk: TestPortal): Promise<Cast> {
  const owner = await desk.person('Olga Owner');
  const organizationId = await registerOrganization(owner, 'Tidewater Utilities', 'NL-1');
  const otherOwner = await desk.person('Otto Other');
  const otherOrganizationId = await registerOrganization(otherOwner, 'Otter Water', 'NL-2');

  const join = async (name: string, role: PartnerRole): Promise<PortalClient> => {
    const colleague = await desk.person(name);
    await invite(desk, owner, { organizationId, email: addressOf(name), role }, colleague);
    return colleague;
  };
  const applicant = await join('Anna Applicant', 'APPLICANT');
  const viewer = await join('Vera Viewer', 'VIEWER');

  const staff: Player[] = [];
  for (const role of ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'AUDITOR', 'ADMIN'] as const) {
    staff.push(staffPlayer(role, await desk.staff(role), [role]));
  }
  const admin = clientOf(staff, 'ADMIN');
  const insiderRoles: StaffRole[] = ['INTAKE', 'REVIEWER', 'DECIDER', 'PROGRAM_MANAGER', 'ADMIN'];
  const insider = await desk.person('Ines Insider');
  await admin.must('addStaff', { email: addressOf('Ines Insider'), name: 'Ines Insider', roles: insiderRoles });
  await invite(desk, owner, { organizationId, email: addressOf('Ines Insider'), role: 'OWNER' }, insider);

  const key = async (holder: PortalClient, input: object): Promise<PortalClient> => {
    const made = await holder.must('createApiKey', { name: 'A machine', ...input }, 'key');
    return desk.stranger.as(textAt(made, 'key'));
  };
  const players: Player[] = [
    partner('OWNER', owner, ['OWNER']),
    partner('APPLICANT', applicant, ['APPLICANT']),
    partner('VIEWER', viewer, ['VIEWER']),
    { ...partner('partner key', await key(owner, { organizationId, scopes: ['READ'] }), ['VIEWER']), kind: 'MACHINE' },
    outsider('OWNER of another organization', otherOwner),
    {
      ...outsider(
        'key of another organization',
        await key(otherOwner, { organizationId: otherOrganizationId, scopes: ['READ'] }),
      ),
      kind: 'MACHINE',
    },
    outsider('person without roles', await desk.person('Nora Nobody')),
    ...staff,
    {
      ...staffPlayer('staff who belong to the organization', insider, [...insiderRoles, 'OWNER']),
      belongsToOrganization: true,
    },
    { ...staffPlayer('operator key', await key(admin, { scopes: ['READ'] }), ['AUDITOR']), kind: 'MACHINE' },
    {
      ...outsider('provisioning key', await key(admin, { scopes: ['GRANTS_PROVISION'] })),
      kind: 'MACHINE',
      roles: ['PROVISIONER'],
      seesGrants: true,
    },
    { ...outsider('stranger', desk.stranger), kind: 'STRANGER' },
  ];
  return {
    organizationId,
    otherOrganizationId,
    players,
    player(name) {
      const found = players.find((player) => player.name === name);
      if (!found) throw new Error(`Nobody of the cast is called ${name}.`);
      return found;
    },
  };
}

/** Invites somebody, who takes the token from the mail and joins. */
export async function invite(
  desk: TestPortal,
  owner: PortalClient,
  invitation: { readonly organizationId: string; readonly email: string; readonly role: PartnerRole },
  invited: PortalClient,
): Promise<void> {
  await owner.must('inviteMember', invitation);
  const token = tokenIn(await desk.mail.next(invitation.email, /invite/i));
  await invited.must('acceptInvitation', { token });
}

function partner(name: string, client: PortalClient, roles: readonly Role[]): Player {
  return { name, client, kind: 'PERSON', roles, belongsToOrganization: true, seesSubmitted: false, seesGrants: false };
}

function staffPlayer(name: string, client: PortalClient, roles: readonly Role[]): Player {
  return { name, client, kind: 'PERSON', roles, belongsToOrganization: false, seesSubmitted: true, seesGrants: true };
}

function outsider(name: string, client: PortalClient): Player {
  return { ...partner(name, client, []), belongsToOrganization: false };
}

function clientOf(players: readonly Player[], name: string): PortalClient {
  const found = players.find((player) => player.name === name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found.client;
}
