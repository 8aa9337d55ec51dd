import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, Info, Mutation, Query, Resolver } from 'type-graphql';
import { answer } from '../api/payload.js';
import type { Request } from '../api/request.js';
import {
  ChangePasswordInput,
  ChangePasswordPayload,
  RequestPasswordResetInput,
  RequestPasswordResetPayload,
  ResendVerificationInput,
  ResendVerificationPayload,
  ResetPasswordInput,
  ResetPasswordPayload,
  SignInInput,
  SignInPayload,
  SignOutPayload,
  SignUpInput,
  SignUpPayload,
  VerifyEmailInput,
  VerifyEmailPayload,
} from './account.types.js';
import type { Accounts } from './accounts.js';
import { Viewer } from './identity.types.js';
import { readViewer } from './viewer.queries.js';

@Resolver()
export class AccountResolver {
  readonly #accounts: Accounts;

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  @Query(() => Viewer, { description: 'Whoever asks; strangers may ask, too.' })
  viewer(@Ctx() request: Request, @Info() info: GraphQLResolveInfo) {
    return readViewer(request.reading, info);
  }

  @Mutation(() => SignUpPayload, {
    description:
      'Asks for an account. An e-mail says what to do next; the answer is the same for addresses that have an account.',
  })
  signUp(
    @Arg('input', () => SignUpInput, { description: 'Who wants an account.' }) input: SignUpInput,
    @Ctx() request: Request,
  ) {
    return answer(() => this.#accounts.signUp(input, request.command));
  }

  @Mutation(() => VerifyEmailPayload, {
    description: 'Shows, by the link sent to it, that an e-mail address is yours.',
  })
  verifyEmail(
    @Arg('input', () => VerifyEmailInput, { description: 'The link’s token.' }) input: VerifyEmailInput,
    @Ctx() request: Request,
  ) {
    return answer(() => this.#accounts.verifyEmail(input.token, request.command));
  }

  @Mutation(() => ResendVerificationPayload, { description: 'Sends another link to verify an e-mail address.' })
  resendVerification(
    @Arg('input', () => ResendVerificationInput, { description: 'Where to.' }) input: ResendVerificationInput,
    @Ctx() request: Request,
  ) {
    return answer(() => this.#accounts.resendVerification(input.email, request.command));
  }

  @Mutation(() => SignInPayload, {
    description: 'Starts a session. Refused with UNAUTHENTICATED, and after too many attempts with RATE_LIMITED.',
  })
  signIn(
    @Arg('input', () => SignInInput, { description: 'Who signs in.' }) input: SignInInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      const { ipAddress } = request.command;
      const { token, expiresAt } = await this.#accounts.signIn({ ...input, ipAddress, userAgent: request.userAgent });
      const viewer = await this.#viewer(request, info, token);
      request.setSessionCookie(token, expiresAt);
      return { token, expiresAt, viewer };
    });
  }

  @Mutation(() => SignOutPayload, { description: 'Ends this session.' })
  signOut(@Ctx() request: Request) {
    return answer(async () => {
      await this.#accounts.signOut(request.sessionToken);
      request.setSessionCookie(null);
      return { signedOut: true };
    });
  }

  @Mutation(() => RequestPasswordResetPayload, { description: 'Sends a link that lets a new password be set.' })
  requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, { description: 'Where to.' }) input: RequestPasswordResetInput,
    @Ctx() request: Request,
  ) {
    return answer(() => this.#accounts.requestPasswordReset(input.email, request.command));
  }

  @Mutation(() => ResetPasswordPayload, {
    description: 'Sets a new password by the link from the e-mail. Every session of the person ends.',
  })
  resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The link’s token and the new password.' })
    input: ResetPasswordInput,
    @Ctx() request: Request,
  ) {
    return answer(() => this.#accounts.resetPassword(input, request.command));
  }

  @Mutation(() => ChangePasswordPayload, {
    description: 'Changes your password. Every other session of yours ends; this one goes on.',
  })
  changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'The present password and the new one.' })
    input: ChangePasswordInput,
    @Ctx() request: Request,
    @Info() info: GraphQLResolveInfo,
  ) {
    return answer(async () => {
      await this.#accounts.changePassword(input, request.sessionToken, request.command);
      return { viewer: request.sessionToken && (await this.#viewer(request, info, request.sessionToken)) };
    });
  }

  /** Whoever has this session, which may have begun or been given roles just now. */
  async #viewer(request: Request, info: GraphQLResolveInfo, token: string) {
    const actor = await this.#accounts.actorOf(token);
    return readViewer(request.reading.as({ actor, now: request.reading.viewer.now }), info, 'viewer');
  }
}
