import { Field, InputType, ObjectType } from 'type-graphql';
import { Payload } from '../api/payload.js';
import { DateTime } from '../api/scalars.js';
import { Viewer } from './identity.types.js';
import { longestPassword, shortestPassword } from './passwords.js';

const newPassword = `From ${shortestPassword} to ${longestPassword} characters, and neither your name nor your e-mail address.`;

@InputType({ description: 'Who wants an account.' })
export class SignUpInput {
  @Field(() => String, { description: 'The name that colleagues and staff will see.' })
  name!: string;

  @Field(() => String, { description: 'The e-mail address to sign in with; a link sent to it must be followed first.' })
  email!: string;

  @Field(() => String, { description: `The password. ${newPassword}` })
  password!: string;
}

@InputType({ description: 'An e-mail address to verify.' })
export class VerifyEmailInput {
  @Field(() => String, { description: 'The token from the link in the e-mail.' })
  token!: string;
}

@InputType({ description: 'Where to send another link.' })
export class ResendVerificationInput {
  @Field(() => String, { description: 'The e-mail address that was signed up with.' })
  email!: string;
}

@InputType({ description: 'Who signs in.' })
export class SignInInput {
  @Field(() => String, { description: 'The e-mail address.' })
  email!: string;

  @Field(() => String, { description: 'The password.' })
  password!: string;
}

@InputType({ description: 'Where to send a link that lets a new password be set.' })
export class RequestPasswordResetInput {
  @Field(() => String, { description: 'The e-mail address of the account.' })
  email!: string;
}

@InputType({ description: 'A new password for who followed the link.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'The token from the link in the e-mail.' })
  token!: string;

  @Field(() => String, { description: `The new password. ${newPassword}` })
  password!: string;
}

@InputType({ description: 'A new password for who is signed in.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The present password; a one-time password if that is what you have.' })
  currentPassword!: string;

  @Field(() => String, { description: `The new password. ${newPassword}` })
  newPassword!: string;
}

@ObjectType({ description: 'What came of signing up. The same for an address that has an account: the e-mail tells.' })
export class SignUpPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'The address that an e-mail with what to do next was sent to.' })
  sentTo!: string | null;
}

@ObjectType({ description: 'What came of verifying an address.' })
export class VerifyEmailPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'The address that is verified: sign in with it.' })
  email!: string | null;
}

@ObjectType({ description: 'What came of asking for another link. The same whether or not there is such an account.' })
export class ResendVerificationPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'The address; it gets an e-mail if it waits to be verified.' })
  sentTo!: string | null;
}

@ObjectType({ description: 'A session. It lasts eight hours, and is set as a cookie for browsers as well.' })
export class SignInPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'The session’s token, for `Authorization: Bearer …`.' })
  token!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When the session ends.' })
  expiresAt!: Date | null;

  @Field(() => Viewer, { nullable: true, description: 'Who is signed in now.' })
  viewer!: Viewer | null;
}

@ObjectType({ description: 'What came of signing out.' })
export class SignOutPayload extends Payload {
  @Field(() => Boolean, { nullable: true, description: 'True: the session has ended.' })
  signedOut!: boolean | null;
}

@ObjectType({ description: 'What came of asking for a link. The same whether or not there is such an account.' })
export class RequestPasswordResetPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'The address; it gets an e-mail if it has an account.' })
  sentTo!: string | null;
}

@ObjectType({ description: 'What came of setting a new password. Every session of the person has ended.' })
export class ResetPasswordPayload extends Payload {
  @Field(() => String, { nullable: true, description: 'The address to sign in with.' })
  email!: string | null;
}

@ObjectType({ description: 'What came of changing the password. Every other session of the person has ended.' })
export class ChangePasswordPayload extends Payload {
  @Field(() => Viewer, { nullable: true, description: 'Who you are now: staff roles hold from here on.' })
  viewer!: Viewer | null;
}
