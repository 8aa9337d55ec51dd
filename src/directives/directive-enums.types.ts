import { registeredEnum } from '../api/registered-enum.js';
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

export const DirectiveKindEnum = registeredEnum('DirectiveKind', 'What an authority orders.', directiveKinds);

export const DirectiveStatusEnum = registeredEnum(
  'DirectiveStatus',
  'Where the record of a directive stands.',
  directiveStatuses,
);

export const ForeignPersonRuleEnum = registeredEnum(
  'ForeignPersonRule',
  'What holds for foreign persons among the named users.',
  foreignPersonRules,
);

export const OperatorStaffRuleEnum = registeredEnum(
  'OperatorStaffRule',
  'What holds for the operator’s own staff.',
  operatorStaffRules,
);

export const ScopeEntryStatusEnum = registeredEnum(
  'ScopeEntryStatus',
  'How far a printed name is matched to an organization.',
  scopeEntryStatuses,
);

export const ScopeEntryEffectEnum = registeredEnum(
  'ScopeEntryEffect',
  'What a letter says of whoever it names.',
  entryEffects,
);

const meanings = Object.fromEntries(allDirectiveCommands.map((name) => [name, directiveCommands[name].does]));
export const DirectiveCommandEnum = registeredEnum('DirectiveCommand', 'What can be done with a directive.', meanings);
