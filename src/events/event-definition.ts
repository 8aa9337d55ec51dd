/** What kind of value a field of a payload holds. */
export interface PayloadField {
  readonly type: 'string' | 'integer' | 'boolean' | 'strings';
  readonly nullable?: true;
  readonly description: string;
}

export interface EventDefinition {
  readonly version: number;
  /** PARTNER: on the partner's timeline and to the partner's endpoints too. STAFF: to the operator only. */
  readonly audience: 'PARTNER' | 'STAFF';
  /** Sent to webhook endpoints and told by e-mail; false for what only the audit log keeps. */
  readonly delivered: boolean;
  readonly happens: string;
  readonly payload: Readonly<Record<string, PayloadField>>;
}

export const text = (description: string) => ({ type: 'string', description }) as const;
export const maybe = (description: string) => ({ type: 'string', nullable: true, description }) as const;
export const number = (description: string) => ({ type: 'integer', description }) as const;
export const whether = (description: string) => ({ type: 'boolean', description }) as const;
export const list = (description: string) => ({ type: 'strings', description }) as const;
