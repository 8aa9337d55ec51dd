import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Doorway } from '../doorway/doorway.js';
import { Refusal } from '../platform/errors.js';
import { letterKind } from './letter-kinds.js';
import { escaped } from './mail-body.js';
import { turnOffByLink } from './notification-settings.commands.js';
import { digestKind, type UnsubscribeLeave, type UnsubscribeLinks } from './unsubscribe-links.js';

export interface UnsubscribeRoutesOptions {
  readonly doorway: Doorway;
  readonly links: UnsubscribeLinks;
  /** Counts a turning off for this person. @throws Refusal RATE_LIMITED */
  readonly admit: (personId: string) => Promise<void>;
}

interface LinkRoute {
  readonly Params: { readonly token: string };
}

/** Mail programs send `List-Unsubscribe=One-Click`, as a form or in parts. */
const largestBody = 4 * 1024;

/**
 * Where letters are turned off by the links in them, without signing in (RFC 8058): `POST /unsubscribe/…` does it, and `GET`
 * shows a page that asks whether it is meant, because programs that scan mail follow links. What is no link of the portal's is
 * told by its signature, before anything is looked up.
 */
export const unsubscribeRoutes: FastifyPluginAsync<UnsubscribeRoutesOptions> = async (app, options) => {
  const { doorway, links, admit } = options;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: largestBody }, (_request, _body, done) => done(null));

  app.get<LinkRoute>('/unsubscribe/:token', async (request, reply) => {
    const leave = links.read(request.params.token);
    if (!leave) return sendPage(reply, 404, unknownLink);
    return sendPage(reply, 200, {
      title: 'Turn these e-mails off?',
      text: `You get an e-mail for: ${what(leave)} What you are told is shown in the portal all the same.`,
      button: 'Turn off',
    });
  });

  app.post<LinkRoute>('/unsubscribe/:token', async (request, reply) => {
    const leave = links.read(request.params.token);
    if (!leave) return sendPage(reply, 404, unknownLink);
    await admit(leave.personId);
    try {
      await doorway.execute(turnOffByLink, leave, circumstances(request));
    } catch (error) {
      if (!(error instanceof Refusal) || !(error.code in refusalPages)) throw error;
      return sendPage(reply, error.code === 'NOT_FOUND' ? 404 : 409, {
        title: 'This cannot be turned off',
        text: error.message,
      });
    }
    return sendPage(reply, 200, {
      title: 'These e-mails are turned off',
      text: `You get no e-mail any more for: ${what(leave)} You can choose again when you are signed in.`,
    });
  });
};

const refusalPages = { NOT_FOUND: true, NOT_ALLOWED_NOW: true };

const unknownLink = {
  title: 'There is nothing at this address',
  text: 'The link may have been cut off. Copy it whole.',
};

function circumstances(request: FastifyRequest) {
  const actor = { kind: 'SYSTEM', name: 'unsubscribe link' } as const;
  return { actor, requestId: request.id, ipAddress: request.ip, idempotencyKey: null };
}

function what({ kind }: UnsubscribeLeave): string {
  if (kind === digestKind) return 'everything that comes by the daily e-mail and can be turned off.';
  return letterKind(kind)?.description ?? 'something that the portal tells no more.';
}

interface Page {
  readonly title: string;
  readonly text: string;
  /** Of a form that sends a POST to the page's own address. */
  readonly button?: string;
}

function sendPage(reply: FastifyReply, status: number, { title, text, button }: Page): FastifyReply {
  const form =
    button === undefined
      ? ''
      : `<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>${escaped(button)}</button></form>\n`;
  return reply
    .code(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex',
    })
    .send(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
</head>
<body style="max-width:40em;margin:2em auto;padding:0 1em;font-family:sans-serif;line-height:1.5">
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
${form}</body>
</html>
`);
}
