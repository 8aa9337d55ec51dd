import {
  type ApplicationGuard,
  allApplicationCommands,
  applicationRule,
  applicationStatuses,
} from '../lifecycle/application.js';
import { allGrantCommands, grantRule, grantStatuses } from '../lifecycle/grant.js';
import { plainCommands } from '../lifecycle/permissions.js';
import { allTaskCommands, taskRule, taskStatuses } from '../lifecycle/provisioning.js';
import {
  allRecertificationCommands,
  recertificationRule,
  recertificationStatuses,
} from '../lifecycle/recertification.js';
import { allRestorationCommands, restorationCommands, restorationStatuses } from '../lifecycle/restoration.js';
import { allRoles, machineRoles, partnerRoles, type Role, staffRoles } from '../lifecycle/roles.js';
import { allHitCommands, hitRule, hitStatuses } from '../lifecycle/screening.js';
import { allWaveCommands, waveCommands, waveStatuses } from '../lifecycle/wave.js';
import { code, codes, table } from './markdown.js';

/** A row of either table, as far as this page prints it. */
interface Rule {
  readonly command: string;
  readonly does: string;
  readonly by: readonly Role[];
  readonly from: readonly string[];
  readonly to: string | null | readonly string[];
  readonly guards: readonly ApplicationGuard[];
}

/** What each guard of `application-guards.ts` asks, in the words of somebody who wants to give the command. */
const guardSentences: Readonly<Record<ApplicationGuard, string>> = {
  complete: 'nothing is missing (`submissionProblems` is empty)',
  inTimeToAppeal: 'not appealed before, and in the program’s time to appeal',
  inTimeToAnswer: 'in the program’s time to answer',
  timeToAnswerIsOver: 'the time to answer is over',
  notInvolved:
    'not a member of the organization, and not recused from it, by declaration or by an e-mail domain shared with its members',
  extensionWaits: 'the partner asks for more time',
  noExtensionWaits: 'more time is not asked for already',
  hasAnsweredRequest: 'an information request was answered',
  handlesStage: 'the role is one that handles the stage; while a decision is proposed or appealed, DECIDER',
  inNobodysHands: 'nobody has it in hand',
  inOwnHands: 'in one’s own hands, or for program managers in anybody’s',
  stageAsksForRecommendations: 'the stage asks for recommendations in the role',
  stageAsksForChecks: 'the stage has a check that is for the role',
  canLeaveStage:
    'not the last stage, a role that the stage names, and all there that it asks for (`stageProblems` is empty)',
  atDecisionStage: 'the last stage, with all there that it asks for (`stageProblems` is empty), or an appeal',
  notProposer: 'not whoever proposed the decision',
  notSignedYet: 'not whoever gave the first of two countersignatures',
  didNotDecideBefore: 'did not take part in the decision that is appealed',
  grantStands:
    'an amendment or a renewal is submitted, and not refused, only while the grant that it is about has not ended',
  hasGrantToAmend: 'the grant that followed has not ended',
  hasGrantToRenew: 'the grant that followed has not ended, and its end is as near as the program says',
  screeningAllows: 'to approve: the organization is screened, and no hit stands in the way',
  notRecusedYet: 'not recused already',
  wasSubmitted: 'the application was submitted at least once',
  onOneSide: 'as an owner or applicant, or being neither recused from the organization nor its member',
  grantEnded: 'no grant of it goes on',
  notReplaced: 'the organization has no other open application to the program',
  noReopeningProposed: 'that is not proposed already',
  reopeningProposed: 'that was proposed',
  notProposerOfReopening: 'not whoever proposed it',
};

const applicationRules: readonly Rule[] = allApplicationCommands.map((command) => ({
  command,
  ...applicationRule(command),
}));
const grantRules: readonly Rule[] = allGrantCommands.map((command) => ({ command, ...grantRule(command), guards: [] }));

const hitRules: readonly Rule[] = allHitCommands.map((command) => ({ command, ...hitRule(command), guards: [] }));

const recertificationRules: readonly Rule[] = allRecertificationCommands.map((command) => ({
  command,
  ...recertificationRule(command),
  guards: [],
}));
const taskRules: readonly Rule[] = allTaskCommands.map((command) => ({ command, ...taskRule(command), guards: [] }));
const waveRules: readonly Rule[] = allWaveCommands.map((command) => ({
  command,
  ...waveCommands[command],
  guards: [],
}));
const restorationRules: readonly Rule[] = allRestorationCommands.map((command) => ({
  command,
  ...restorationCommands[command],
  guards: [],
}));

/** The page about statuses and permissions, printed from the tables that rule. */
export function lifecyclePage(): string {
  return `# Lifecycle and permissions

Printed from the tables in \`src/lifecycle/\` by \`npm run generate\`; edit those, not this page. The portal asks the
same tables, and \`Application.availableCommands\` and \`Grant.availableCommands\` answer from them which commands would be
accepted from whoever asks. A command is allowed when one of the actor's roles, the present status and every condition
say yes; whatever is not in a table is refused.

## Roles

${table(
  ['role', 'held in', 'what for'],
  rolesWithin('an organization', partnerRoles),
  rolesWithin('the operator', staffRoles),
  Object.entries(machineRoles).map(([role, meaning]) => [
    code(role),
    role === 'SYSTEM' ? 'the portal' : 'the operator’s machines',
    meaning,
  ]),
)}

## Applications

${diagram(applicationRules, ['DRAFT'], 'startApplication')}

${statusTable(applicationStatuses)}

### Commands on applications

${table(
  ['command', 'what it does', 'roles', 'in status', 'leads to', 'and only if'],
  applicationRules.map(({ guards, ...rule }) => [
    ...commandCells(rule),
    guards.map((guard) => guardSentences[guard]).join('; ') || '–',
  ]),
)}

### Who may do what in which status

${matrix(applicationRules, Object.keys(applicationStatuses))}

## Grants

${diagram(grantRules, ['PENDING_PROVISIONING', 'WAITLISTED', 'APPROVED_IN_PRINCIPLE'], 'countersign')}

${statusTable(grantStatuses)}

### Commands on grants

${table(['command', 'what it does', 'roles', 'in status', 'leads to'], grantRules.map(commandCells))}

Whoever suspended a grant does not reinstate it; under a program that suspends for screening hits, nobody does before they
are cleared. Staff do not suspend, reinstate or revoke grants of an organization
they belong to. After a grant's end, access is neither acknowledged nor reinstated.

### Who may do what with a grant

${matrix(grantRules, Object.keys(grantStatuses))}

## Waves

${statusTable(waveStatuses)}

### Commands on waves

${table(['command', 'what it does', 'roles', 'in status', 'leads to'], waveRules.map(commandCells))}

Whoever planned a wave does not confirm it.

## Restorations

${statusTable(restorationStatuses)}

### Commands on restorations

${table(['command', 'what it does', 'roles', 'in status', 'leads to'], restorationRules.map(commandCells))}

Whoever planned a restoration does not confirm it.

## Screening hits

${statusTable(hitStatuses)}

### Commands on screening hits

${table(['command', 'what it does', 'roles', 'in status', 'leads to'], hitRules.map(commandCells))}

Whoever proposed a judgement neither confirms nor declines it, and nobody judges hits of an organization they belong to or are
recused from. Partners know nothing of any of this.

## Recertifications

${statusTable(recertificationStatuses)}

### Commands on recertifications

${table(['command', 'what it does', 'roles', 'in status', 'leads to'], recertificationRules.map(commandCells))}

All of them only while the grant has not ended, and staff neither confirm nor decline for an organization they belong to.
## Provisioning tasks

${statusTable(taskStatuses)}

### Commands on provisioning tasks

${table(['command', 'what it does', 'roles', 'in status', 'leads to'], taskRules.map(commandCells))}

A system gives them on tasks of the products that it is registered for, with the duty for it; others do not exist for it. It
completes and fails what it has in hand itself, and reads back what it did not do itself.

## Everything else

Commands on objects without statuses of their own. Partner roles are those held in the organization concerned;
\`ANYONE_SIGNED_IN\` is every person with a verified address. The portal itself (\`SYSTEM\`: the command line and jobs) may
give those of them that do not ask for a person.

${table(
  ['command', 'what it does', 'roles'],
  Object.entries(plainCommands).map(([command, { does, by }]) => [code(command), does, codes(by)]),
)}
`;
}

function rolesWithin(place: string, roles: Readonly<Record<string, string>>): string[][] {
  return Object.entries(roles).map(([role, meaning]) => [code(role), place, meaning]);
}

function statusTable(statuses: Readonly<Record<string, string>>): string {
  return table(
    ['status', 'meaning'],
    Object.entries(statuses).map(([status, meaning]) => [code(status), meaning]),
  );
}

function commandCells({ command, does, by, from, to }: Omit<Rule, 'guards'>): string[] {
  return [code(command), does, codes(by), codes(from), codes(listed(to)) || 'the same'];
}

/** For each status and role the commands that the table allows. */
function matrix(rules: readonly Rule[], statuses: readonly string[]): string {
  const roles = allRoles.filter((role) => rules.some(({ by }) => by.includes(role)));
  return table(
    ['', ...roles.map(code)],
    statuses.map((status) => [
      code(status),
      ...roles.map((role) =>
        codes(rules.filter(({ by, from }) => by.includes(role) && from.includes(status)).map(({ command }) => command)),
      ),
    ]),
  );
}

/** A state diagram; commands that lead from one status to the same other share an arrow. */
function diagram(rules: readonly Rule[], first: readonly string[], startedBy: string): string {
  const arrows = new Map<string, string[]>();
  for (const { command, from, to } of rules) {
    for (const source of from) {
      for (const target of listed(to)) {
        const arrow = `${source} --> ${target}`;
        arrows.set(arrow, [...(arrows.get(arrow) ?? []), command]);
      }
    }
  }
  const statuses = [...new Set([...arrows.keys()].flatMap((arrow) => arrow.split(' --> ')))];
  const ends = statuses.filter((status) => ![...arrows.keys()].some((arrow) => arrow.startsWith(`${status} `)));
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...first.map((status) => `  [*] --> ${status}: ${startedBy}`),
    ...[...arrows].map(([arrow, commands]) => `  ${arrow}: ${commands.join(', ')}`),
    ...ends.map((status) => `  ${status} --> [*]`),
    '```',
  ].join('\n');
}

function listed(to: Rule['to']): readonly string[] {
  if (to === null) return [];
  return typeof to === 'string' ? [to] : to;
}
