import { SigningKey } from './access/signing-key.entity.js';
import {
  Application,
  ApplicationRevision,
  ClockIntervalRow,
  TermsAcceptance,
} from './applications/application.entity.js';
import { Assignment } from './applications/assignment.entity.js';
import { SavedView } from './applications/saved-view.entity.js';
import { Attestation } from './attestations/attestation.entity.js';
import { BulkItem, BulkOperation } from './bulk/bulk.entity.js';
import { Message } from './correspondence/message.entity.js';
import { Note, NoteVersion } from './correspondence/note.entity.js';
import { DecisionLetter } from './decision-letters/decision-letter.entity.js';
import { LetterTemplate } from './decision-letters/letter-template.entity.js';
import { Authority, Directive, DirectiveEntry, DirectiveLetter } from './directives/directive.entity.js';
import { Document } from './documents/document.entity.js';
import { Flag, FlagDefinition } from './flags/flag.entity.js';
import { AccessGrant } from './grants/grant.entity.js';
import { NamedUser } from './grants/named-user.entity.js';
import { Recertification } from './grants/recertification.entity.js';
import { Restoration, RestoredGrant } from './grants/restoration.entity.js';
import { GrantSuspension } from './grants/suspension.entity.js';
import { ApiKey } from './identity/api-key.entity.js';
import { AwayPeriod } from './identity/away-period.entity.js';
import { StaffMember } from './identity/staff-member.entity.js';
import { Notification } from './notifications/notification.entity.js';
import { NotificationSettings } from './notifications/notification-settings.entity.js';
import { Invitation } from './organizations/invitation.entity.js';
import { Membership } from './organizations/membership.entity.js';
import { Organization } from './organizations/organization.entity.js';
import { Product } from './products/product.entity.js';
import { Program, ProgramVersion, TermsVersion } from './programs/program.entity.js';
import { ProvisioningSystem } from './provisioning/provisioning-system.entity.js';
import { ProvisioningTask } from './provisioning/provisioning-task.entity.js';
import {
  DueDateExtension,
  InformationAnswer,
  InformationMessage,
  InformationQuestion,
  InformationRequest,
} from './questions/information-request.entity.js';
import { IntentToRefuse } from './reviews/intent.entity.js';
import { Reopening } from './reviews/reopening.entity.js';
import { CheckResult, Decision, Recommendation, Recusal } from './reviews/review.entity.js';
import { ScreeningAdjudication, ScreeningHit, ScreeningMatch, ScreeningRun } from './screening/screening.entity.js';
import { ScreeningList, ScreeningListVersion } from './screening/screening-list.entity.js';
import { StandardText, StandardTextVersion } from './standard-texts/standard-text.entity.js';
import { RolloutWave, WavePlace } from './waves/wave.entity.js';
import { WebhookAttempt, WebhookDelivery, WebhookEndpoint } from './webhooks/webhook.entity.js';

/** Every entity; the test of the migrated schema compares these with the tables. */
export const entities = [
  StaffMember,
  AwayPeriod,
  ApiKey,
  Organization,
  Membership,
  Invitation,
  Program,
  ProgramVersion,
  TermsVersion,
  Attestation,
  Application,
  ApplicationRevision,
  TermsAcceptance,
  ClockIntervalRow,
  Assignment,
  Document,
  Message,
  Note,
  NoteVersion,
  LetterTemplate,
  DecisionLetter,
  FlagDefinition,
  Flag,
  Recommendation,
  CheckResult,
  Recusal,
  Decision,
  Reopening,
  IntentToRefuse,
  StandardText,
  StandardTextVersion,
  InformationRequest,
  InformationQuestion,
  InformationAnswer,
  InformationMessage,
  DueDateExtension,
  AccessGrant,
  NamedUser,
  Recertification,
  GrantSuspension,
  ProvisioningSystem,
  ProvisioningTask,
  Product,
  Authority,
  Directive,
  DirectiveEntry,
  DirectiveLetter,
  RolloutWave,
  WavePlace,
  Restoration,
  RestoredGrant,
  SigningKey,
  ScreeningList,
  ScreeningListVersion,
  ScreeningRun,
  ScreeningHit,
  ScreeningMatch,
  ScreeningAdjudication,
  BulkOperation,
  BulkItem,
  WebhookEndpoint,
  WebhookDelivery,
  WebhookAttempt,
  Notification,
  NotificationSettings,
  SavedView,
];

/** Tables that only SQL writes and reads. */
export const tablesWithoutEntity = [
  'auth_user',
  'auth_session',
  'auth_account',
  'auth_verification',
  'rate_limit',
  'release_change',
  'screening_staged_entry',
  'screening_entry',
  'screening_name',
  'organization_screening',
  'audit_record',
  'audit_head',
  'audit_anchor',
  'timeline_event',
  // The months of the tables that are kept in months; those that have an entity have it as a whole.
  /^(audit_record|webhook_delivery|webhook_attempt)_/,
  'idempotency_key',
  'application_text',
  'application_view',
  'deadline_notice',
  'notification_count',
  'stage_history',
  'public_mail_domain',
  'release_narrowing',
  'schema_migration',
];
