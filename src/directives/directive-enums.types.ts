import { registerEnumType } from 'type-graphql';
import { describedEnum } from '../api/described-enum.js';
import {
  allDirectiveCommands,
  directiveCommands,
  directiveKinds,
  directiveStatuses,
  foreignPersonRules,
  operatorStaffRules,
  scopeEntryStatuses,
} from '../lifecycle/directive.js';
import { entryEffects } from './directive.entity.js';

const kinds = describedEnum('DirectiveKind', 'What an authority orders.', directiveKinds);
registerEnumType(kinds.values, kinds.config);
export const DirectiveKindEnum = kinds.values;

const statuses = describedEnum('DirectiveStatus', 'Where the record of a directive stands.', directiveStatuses);
registerEnumType(statuses.values, statuses.config);
export const DirectiveStatusEnum = statuses.values;

const persons = describedEnum(
  'ForeignPersonRule',
  'What holds for foreign persons among the named users.',
  foreignPersonRules,
);
registerEnumType(persons.values, persons.config);
export const ForeignPersonRuleEnum = persons.values;

const staff = describedEnum('OperatorStaffRule', 'What holds for the operator’s own staff.', operatorStaffRules);
registerEnumType(staff.values, staff.config);
export const OperatorStaffRuleEnum = staff.values;

const matches = describedEnum(
  'ScopeEntryStatus',
  'How far a printed name is matched to an organization.',
  scopeEntryStatuses,
);
registerEnumType(matches.values, matches.config);
export const ScopeEntryStatusEnum = matches.values;

const effects = describedEnum('ScopeEntryEffect', 'What a letter says of whoever it names.', entryEffects);
registerEnumType(effects.values, effects.config);
export const ScopeEntryEffectEnum = effects.values;

const meanings = Object.fromEntries(allDirectiveCommands.map((name) => [name, directiveCommands[name].does]));
const commands = describedEnum('DirectiveCommand', 'What can be done with a directive.', meanings);
registerEnumType(commands.values, commands.config);
export const DirectiveCommandEnum = commands.values;
