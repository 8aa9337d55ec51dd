import { text } from './event-definition.js';

/** What every event of an application says. */
export const applicationFields = {
  applicationId: text('The application.'),
  reference: text('The application’s reference, as people quote it.'),
  status: text('Where the application stands now.'),
};
