import type { RawSql } from '../platform/database/database.js';
import type { Ids } from '../platform/ids.js';

export interface SignInLibraryOptions {
  readonly ids: Ids;
  /** The portal's address, without a slash at its end. */
  readonly publicUrl: string;
  /** Derived from the portal's secret key for this purpose. */
  readonly secret: Buffer;
}

/** The provider that better-auth keeps passwords under. */
const passwordProvider = 'credential';

/** How long a session lasts: a working day, and no longer however much it is used. */
export const sessionHours = 8;

/** A person as sign-in knows them. */
export interface KnownPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  /** Null for people who have no password. */
  readonly passwordHash: string | null;
}

/** What is kept of a new session. */
export interface NewSession {
  readonly personId: string;
  readonly tokenHash: string;
  readonly expiresAt: Date;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly now: Date;
}

/**
 * The people, accounts and sessions of better-auth (https://better-auth.com), used as a library: none of its routes are
 * mounted. It writes in the transaction it is given, so that what it writes and the audit record of it commit together.
 */
export class SignInLibrary {
  readonly #options: SignInLibraryOptions;

  constructor(options: SignInLibraryOptions) {
    this.#options = options;
  }

  /** The tables of sign-in, on a connection or, with `em.getKysely()`, in a transaction. */
  on(sql: RawSql) {
    let auth: ReturnType<typeof instanceOn> | null = null;
    const adapter = async () => {
      auth ??= instanceOn(sql, this.#options);
      return (await (await auth).$context).internalAdapter;
    };
    return {
      findByEmail: async (email: string): Promise<KnownPerson | null> => {
        const found = await (await adapter()).findUserByEmail(email, { includeAccounts: true });
        if (!found) return null;
        const { id, name, emailVerified } = found.user;
        const account = found.accounts.find((held) => held.providerId === passwordProvider);
        return { id, name, email: found.user.email, emailVerified, passwordHash: account?.password ?? null };
      },
      findById: async (personId: string): Promise<KnownPerson | null> => {
        const tables = await adapter();
        const user = await tables.findUserById(personId);
        if (!user) return null;
        const account = await tables.findCredentialAccount(personId);
        const { id, name, email, emailVerified } = user;
        return { id, name, email, emailVerified, passwordHash: account?.password ?? null };
      },
      create: async (person: Omit<KnownPerson, 'id' | 'passwordHash'>, passwordHash: string, now: Date) => {
        const tables = await adapter();
        const { id } = await tables.createUser(
          { ...person, createdAt: now, updatedAt: now },
          { method: 'email-password' },
        );
        const account = { userId: id, providerId: passwordProvider, accountId: id, password: passwordHash };
        await tables.linkAccount({ ...account, createdAt: now, updatedAt: now });
        return { ...person, id, passwordHash } satisfies KnownPerson;
      },
      rename: async (personId: string, name: string, now: Date) => {
        await (await adapter()).updateUser(personId, { name, updatedAt: now });
      },
      markVerified: async (personId: string, now: Date) => {
        await (await adapter()).updateUser(personId, { emailVerified: true, updatedAt: now });
      },
      setPassword: async (personId: string, passwordHash: string) => {
        await (await adapter()).updatePassword(personId, passwordHash);
      },
      createSession: async ({ personId, tokenHash, now, ...session }: NewSession) => {
        const kept = { ...session, token: tokenHash, createdAt: now, updatedAt: now };
        await (await adapter()).createSession(personId, false, kept, true);
      },
      deleteSession: async (tokenHash: string) => {
        await (await adapter()).deleteSession(tokenHash);
      },
      deleteSessions: async (personId: string) => {
        await (await adapter()).deleteUserSessions(personId);
      },
    };
  }
}

/**
 * An instance for one connection. Making one takes half a millisecond and touches nothing. The library itself is read when
 * somebody first signs in: reading it is a third of what a process needs to start.
 */
async function instanceOn(sql: RawSql, { ids, publicUrl, secret }: SignInLibraryOptions) {
  const { betterAuth } = await import('better-auth');
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' };
  return betterAuth({
    appName: 'Sallyport',
    baseURL: publicUrl,
    secret: secret.toString('base64'),
    database: { db: sql, type: 'postgres', transaction: false },
    advanced: { database: { generateId: () => ids.next(), validateSchema: false } },
    telemetry: { enabled: false },
    logger: { disabled: true },
    user: { modelName: 'auth_user', fields: { emailVerified: 'email_verified', ...times } },
    session: {
      modelName: 'auth_session',
      expiresIn: sessionHours * 60 * 60,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...times,
      },
    },
    account: {
      modelName: 'auth_account',
      fields: {
        userId: 'user_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        ...times,
      },
    },
    verification: { modelName: 'auth_verification', fields: { expiresAt: 'expires_at', ...times } },
  });
}
