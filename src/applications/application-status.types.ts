import { registeredEnum } from '../api/registered-enum.js';
import { applicationStatuses } from '../lifecycle/application.js';

export const ApplicationStatusEnum = registeredEnum(
  'ApplicationStatus',
  'Where an application stands.',
  applicationStatuses,
);
