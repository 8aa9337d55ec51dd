import { type Command, InvalidArgumentError } from 'commander';
import { allStaffRoles, type StaffRole, staffRoles } from '../lifecycle/roles.js';
import { encodeId } from '../platform/ids.js';
import { withDatabase, withPortal } from './opening.js';
import { jsonOption, type ListOptions, say, sayList } from './output.js';
import { staffRoster, staffWithEmail } from './staff.queries.js';

const rolesOption = ['--roles <roles>', 'roles joined by commas, e.g. INTAKE,REVIEWER', readRoles] as const;

const rolesNote = `\nRoles:\n${allStaffRoles.map((role) => `  ${role.padEnd(16)} ${staffRoles[role]}`).join('\n')}`;

export function addStaffCommands(parent: Command): void {
  const staff = parent.command('staff').description('the people who work for the operator');

  staff
    .command('add <email>')
    .description('add a person; prints a one-time password, once')
    .requiredOption('--name <name>', 'what the person is called')
    .requiredOption(...rolesOption)
    .addHelpText('after', rolesNote)
    .action(add);
  staff
    .command('list')
    .description('who works here, and who did')
    .option(...jsonOption)
    .action(list);
  staff
    .command('roles <email>')
    .description('give a person other roles, in place of those held now')
    .requiredOption(...rolesOption)
    .addHelpText('after', rolesNote)
    .action(setRoles);
  staff
    .command('deactivate <email>')
    .description("end a person's access at once: roles and sessions")
    .action(deactivate);
  staff
    .command('reset-password <email>')
    .description('give a person a new one-time password, printed once, and end every session')
    .action(resetPassword);
}

async function add(email: string, { name, roles }: { name: string; roles: StaffRole[] }): Promise<void> {
  await withPortal(
    async ({ staff }, by) => {
      const { oneTimePassword } = await staff.add({ email, name, roles }, by);
      say(`${email} works here now, as ${roles.join(', ')}.`);
      if (oneTimePassword === null) say('There was an account with this address already; its password goes on.');
      else sayPassword(oneTimePassword);
    },
    { create: true },
  );
}

async function list(options: ListOptions): Promise<void> {
  const roster = await withDatabase((database) => staffRoster(database.kysely()));
  const lines = roster.map(({ id, ...shown }) => ({ ...shown, id: encodeId('staff', id) }));
  sayList(lines, options, 'Nobody works here yet. Add the first administrator with "npx sallyport staff add".');
}

async function setRoles(email: string, { roles }: { roles: StaffRole[] }): Promise<void> {
  await withPortal(async ({ database, staff }, by) => {
    const { id } = await staffWithEmail(database.kysely(), email);
    await staff.setRoles({ staffId: id, roles, expectedVersion: null }, by);
    say(`${email} is ${roles.join(', ')} from now on.`);
  });
}

async function deactivate(email: string): Promise<void> {
  await withPortal(async ({ database, staff }, by) => {
    const { id } = await staffWithEmail(database.kysely(), email);
    await staff.deactivate({ staffId: id, expectedVersion: null }, by);
    say(`${email} has no access any more.`);
  });
}

async function resetPassword(email: string): Promise<void> {
  await withPortal(async ({ database, staffPasswords }, by) => {
    const { id } = await staffWithEmail(database.kysely(), email);
    const { oneTimePassword } = await staffPasswords.reset(id, by);
    say(`${email} is signed out everywhere.`);
    sayPassword(oneTimePassword);
  });
}

function sayPassword(password: string): void {
  say(`One-time password: ${password}`);
  say('It is shown this once. Hand it over in person; it must be changed at the first sign-in.');
}

function readRoles(text: string): StaffRole[] {
  const words = text
    .split(',')
    .map((word) => word.trim().toUpperCase())
    .filter((word) => word !== '');
  const unknown = words.filter((word) => !allStaffRoles.some((role) => role === word));
  const roles = allStaffRoles.filter((role) => words.includes(role));
  if (unknown.length === 0 && roles.length > 0) return roles;
  const said = unknown.length > 0 ? `There is no role ${unknown.join(', ')}.` : 'Give at least one.';
  throw new InvalidArgumentError(`${said} The roles are ${allStaffRoles.join(', ')}.`);
}
