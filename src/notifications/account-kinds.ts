/** A kind of letter about an account. All of them are sent at once, whatever somebody chose of others. */
export interface AccountKind {
  readonly happens: string;
  /** Why it cannot be turned off. */
  readonly because: string;
  /** Is it shown in the portal, too, to whoever has the account? What must be read in the mailbox is not. */
  readonly inPortal: boolean;
  readonly isForStaff?: true;
}

const security = 'It lets you notice what others try with your account.';

/** Letters about accounts and invitations, which are about no event of the catalogue. */
export const accountKinds = {
  'account.address_to_confirm': {
    happens: 'Somebody signed up with your address.',
    because: 'It shows that the address is yours.',
    inPortal: false,
  },
  'account.address_known': {
    happens: 'Somebody tried to sign up with your address, which has an account.',
    because: security,
    inPortal: true,
  },
  'account.password_reset_asked': {
    happens: 'Somebody asked for a new password for your account.',
    because: 'It is how a new password is chosen, and lets you notice when others try.',
    inPortal: true,
  },
  'account.password_changed': {
    happens: 'The password of your account was changed.',
    because: security,
    inPortal: true,
  },
  'account.added_to_staff': {
    happens: 'You were added to the staff.',
    because: 'It tells of a change to your own rights.',
    inPortal: true,
    isForStaff: true,
  },
  'account.invited': {
    happens: 'Somebody invited you to join an organization.',
    because: 'It holds what the invitation is accepted by.',
    inPortal: true,
  },
} as const satisfies Record<string, AccountKind>;

export type AccountKindName = keyof typeof accountKinds;
