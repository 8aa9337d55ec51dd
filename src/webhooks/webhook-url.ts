import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.js';

const longestUrl = 2000;
const securePorts = [443, 8443];

/** An address that webhooks may go to, as far as its text tells. */
export interface WebhookUrl {
  readonly href: string;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  /** On the operator's list of exempt hosts: may be private, on any port, and plain http. */
  readonly exempt: boolean;
}

/**
 * Reads what somebody gave as a webhook address. It is judged after parsing, because a URL can write 127.0.0.1 as
 * 0x7f.1, 0177.0.0.1, 2130706433 or in full-width digits, and parsing makes them all one.
 * @returns the address, or the sentence that says why it cannot be used
 */
export function readWebhookUrl(text: string, exemptHosts: readonly string[]): WebhookUrl | string {
  if (text.length > longestUrl) return `A webhook address has at most ${longestUrl} characters.`;
  const url = URL.parse(text.trim());
  if (!url) return 'This is not a URL. A webhook address looks like https://hooks.example.org/access.';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'A webhook address begins with https://.';
  if (url.username !== '' || url.password !== '') {
    return 'A webhook address holds no user name or password; check the signature instead.';
  }
  url.hash = '';
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isExempt(url.hostname, port, exemptHosts)) return { href: url.href, hostname, exempt: true };
  if (url.protocol !== 'https:') return 'A webhook address begins with https://; plain http is not used.';
  if (!securePorts.includes(port)) return `A webhook address is on port ${securePorts.join(' or ')}, not ${port}.`;
  if (isIP(hostname) !== 0 && !isPublicAddress(hostname)) return notPublic;
  return { href: url.href, hostname, exempt: false };
}

export const notPublic = 'The address is not on the public internet (private, loopback, link-local or reserved).';

function isExempt(hostname: string, port: number, exemptHosts: readonly string[]): boolean {
  const forms = [hostname, `${hostname}:${port}`];
  return exemptHosts.some((host) => forms.includes(host.toLowerCase()));
}
