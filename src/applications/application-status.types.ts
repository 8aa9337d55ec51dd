import { registerEnumType } from 'type-graphql';
import { describedEnum } from '../api/described-enum.js';
import { applicationStatuses } from '../lifecycle/application.js';

const statuses = describedEnum('ApplicationStatus', 'Where an application stands.', applicationStatuses);
registerEnumType(statuses.values, statuses.config);
export const ApplicationStatusEnum = statuses.values;
