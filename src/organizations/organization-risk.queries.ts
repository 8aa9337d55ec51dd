import type { Projection } from '../api/eyes.js';
import { isSeenByStaff } from '../api/visibility.js';
import { personWhoseIdIs } from '../identity/identity.queries.js';
import { column, momentColumn } from '../platform/reading/projection.js';

/** How staff rate an organization. Nothing of this exists for partners, nor for staff who belong to it. */
export const organizationRiskProjection: Projection = {
  type: 'OrganizationRisk',
  table: 'organization',
  visible: (row, eyes) => isSeenByStaff(row('id'), eyes),
  fields: {
    rating: column('risk'),
    reason: column('risk_reason'),
    ratedBy: personWhoseIdIs('risk_rated_by'),
    ratedAt: momentColumn('risk_rated_at'),
  },
};
