import type { CreateProgramInput } from './program.commands.js';

/** A program to begin with, so that a new portal can be tried at once. */
export const sampleProgram: CreateProgramInput = {
  code: 'trusted-defenders',
  name: 'Trusted defenders',
  summary:
    'Access to the restricted product Mythos 5 for organizations that defend their own or others’ systems, and for operators of critical infrastructure.',
  productCode: 'mythos-5',
  productName: 'Mythos 5',
  version: {
    questionnaire: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      required: ['purpose', 'endUse', 'seats', 'ownsOrAuthorized', 'onwardAccess'],
      properties: {
        purpose: {
          title: 'Main purpose',
          type: 'string',
          enum: [
            'VULNERABILITY_DISCOVERY',
            'PATCH_VALIDATION',
            'DETECTION_ENGINEERING',
            'INCIDENT_RESPONSE',
            'RED_TEAM_OWN_ASSETS',
          ],
        },
        endUse: {
          title: 'End use',
          description: 'What will be done with the product, on which systems, by whom.',
          type: 'string',
          minLength: 40,
          maxLength: 8000,
        },
        seats: { title: 'Seats', type: 'integer', minimum: 1, maximum: 1000 },
        ownsOrAuthorized: {
          title: 'Own or authorized systems only',
          description: 'The product will be used only on systems you own or are authorized in writing to test.',
          type: 'boolean',
          const: true,
        },
        onwardAccess: {
          title: 'Onward access',
          description: 'Who else would be given access.',
          type: 'string',
          enum: ['NONE', 'AFFILIATES', 'CUSTOMERS'],
        },
        safeguards: { title: 'Safeguards', type: 'string', maxLength: 8000 },
      },
    },
    documentRequirements: [
      {
        key: 'end-use-statement',
        title: 'End-use statement',
        description: 'Signed by an officer of the organization: the purpose, the systems, and who will have access.',
        required: true,
      },
      {
        key: 'security-program',
        title: 'Description of the security program',
        description: 'How access to the product will be protected and logged.',
        required: true,
      },
      {
        key: 'supporting-evidence',
        title: 'Supporting evidence',
        description: 'Certificates, references, contracts: whatever helps the review.',
        required: false,
      },
    ],
    workflow: {
      intake: { queue: 'intake', slaWorkingHours: 16 },
      stages: [
        {
          key: 'screening',
          name: 'Screening',
          queue: 'screening',
          slaWorkingHours: 24,
          requiredRecommendations: [],
          requiredChecks: [],
          requiredDocuments: [],
          advanceBy: ['INTAKE', 'REVIEWER'],
        },
        {
          key: 'technical-review',
          name: 'Technical review',
          queue: 'technical-review',
          slaWorkingHours: 80,
          requiredRecommendations: [{ role: 'REVIEWER', count: 2 }],
          requiredChecks: [],
          requiredDocuments: [],
          advanceBy: ['REVIEWER', 'DECIDER'],
        },
        {
          key: 'decision',
          name: 'Decision',
          queue: 'decision',
          slaWorkingHours: 40,
          requiredRecommendations: [],
          requiredChecks: [],
          requiredDocuments: [],
          advanceBy: [],
        },
      ],
      countersignWithinWorkingHours: 16,
      decideWithinWorkingHours: 160,
      warnAtPercent: 80,
      escalateTo: 'PROGRAM_MANAGER',
      appealWithinDays: 28,
      calendar: {
        timeZone: 'Etc/UTC',
        hours: [
          { day: 'MONDAY', from: '09:00', to: '17:00' },
          { day: 'TUESDAY', from: '09:00', to: '17:00' },
          { day: 'WEDNESDAY', from: '09:00', to: '17:00' },
          { day: 'THURSDAY', from: '09:00', to: '17:00' },
          { day: 'FRIDAY', from: '09:00', to: '17:00' },
        ],
        holidays: [],
      },
    },
    terms: {
      label: 'sample-1',
      body: [
        'Sample terms of access. Replace them before anybody relies on them.',
        '1. The product is used only for the purpose stated in the application, on systems that the partner owns or is authorized in writing to test.',
        '2. Access is given to the people named by the partner and to nobody else.',
        '3. The partner keeps records of use for five years and shows them on request.',
        '4. The partner reports misuse and loss of credentials within 24 hours.',
        '5. Access may be suspended at any time, without notice, when an authority requires it.',
      ].join('\n'),
    },
    grantMonths: 12,
  },
};
