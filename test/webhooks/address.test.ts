import { describe, expect, it } from '@jest/globals';
import { AddressGuard } from '../../src/webhooks/address-guard.js';
import { isPublicAddress } from '../../src/webhooks/public-address.js';
import { readWebhookUrl } from '../../src/webhooks/webhook-url.js';
import { nameServer } from './webhook-desk.js';

const privateAddresses = [
  ['this host', '0.0.0.0'],
  ['private 10/8', '10.0.0.1'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['loopback', '127.0.0.1'],
  ['the rest of loopback', '127.255.255.254'],
  ['link-local, where clouds keep credentials', '169.254.169.254'],
  ['private 172.16/12', '172.31.255.255'],
  ['protocol assignments', '192.0.0.8'],
  ['documentation', '192.0.2.1'],
  ['the old 6to4 relay', '192.88.99.1'],
  ['private 192.168/16', '192.168.1.1'],
  ['benchmarking', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['IPv6 unspecified', '::'],
  ['IPv6 loopback', '::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv4-mapped in hexadecimal', '::ffff:7f00:1'],
  ['IPv4-compatible', '::7f00:1'],
  ['IPv4-translated', '::ffff:0:7f00:1'],
  ['NAT64', '64:ff9b::a00:1'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4 around 10.0.0.1', '2002:a00:1::1'],
  ['Teredo', '2001:0:a00:1::1'],
  ['ISATAP around 10.0.0.1', '2a00:1450:4001:812:0:5efe:a00:1'],
  ['unique local', 'fd00::1'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['site-local', 'fec0::1'],
  ['IPv6 multicast', 'ff02::1'],
  ['IPv6 documentation', '2001:db8::1'],
  ['newer documentation', '3fff::1'],
  ['discard', '100::1'],
  ['no address at all', 'example.org'],
];

describe('which addresses are public', () => {
  it.each(privateAddresses)('refuses %s: %s', (_what, address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '93.184.215.14', '2606:4700:4700::1111', '2a00:1450:4001:812::200e'])('allows %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('what a webhook URL may look like', () => {
  it.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://127\u30020\u30020\u30021/',
    'https://\uff11\uff12\uff17.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data/',
    'https://192.168.0.1:8443/',
  ])('refuses the private address in %s', (url) => {
    expect(readWebhookUrl(url, [])).toMatch(/not on the public internet/);
  });

  it.each([
    ['plain http', 'http://hooks.example.org/', /begins with https/],
    ['another scheme', 'ftp://hooks.example.org/', /begins with https/],
    ['a file', 'file:///etc/passwd', /begins with https/],
    ['no URL', 'hooks.example.org', /not a URL/],
    ['a user name', 'https://user@hooks.example.org/', /user name or password/],
    ['a password', 'https://user:word@hooks.example.org/', /user name or password/],
    ['another port', 'https://hooks.example.org:22/', /port 443 or 8443, not 22/],
    ['2,001 characters', `https://hooks.example.org/${'x'.repeat(1975)}`, /at most 2000/],
  ])('refuses %s', (_what, url, message) => {
    expect(readWebhookUrl(url, [])).toMatch(message);
  });

  it('drops a fragment, which is never sent', () => {
    expect(readWebhookUrl('https://hooks.example.org/a?b=c#d', [])).toMatchObject({
      href: 'https://hooks.example.org/a?b=c',
      exempt: false,
    });
  });

  it('lets the operator exempt a host, on any port or on one', () => {
    const exempt = { exempt: true };
    expect(readWebhookUrl('http://localhost:9000/', ['localhost'])).toMatchObject(exempt);
    expect(readWebhookUrl('http://LOCALHOST:9000/', ['localhost:9000'])).toMatchObject(exempt);
    expect(readWebhookUrl('http://[::1]:9000/', ['[::1]:9000'])).toMatchObject(exempt);
    expect(readWebhookUrl('http://localhost:9001/', ['localhost:9000'])).toMatch(/https/);
    expect(readWebhookUrl('http://localhost.example.org/', ['localhost'])).toMatch(/https/);
  });
});

describe('a name given as a webhook address', () => {
  const { names, resolve } = nameServer();
  const guard = new AddressGuard([], resolve);
  const check = (url: string) => guard.check(url, ['url']);

  it('is taken when everything it resolves to is public', async () => {
    names.set('good.example.org', ['93.184.215.14', '2606:4700:4700::1111']);
    await expect(check('https://good.example.org/hooks')).resolves.toMatchObject({
      href: 'https://good.example.org/hooks',
    });
  });

  it.each(privateAddresses.filter(([, address]) => address !== 'example.org'))(
    'is refused when it resolves to %s: %s',
    async (_what, address) => {
      names.set('bad.example.org', [address ?? '']);
      await expect(check('https://bad.example.org/')).rejects.toMatchObject({
        problems: [{ code: 'ADDRESS_REFUSED', path: ['url'] }],
      });
    },
  );

  it('is refused when only one of its addresses is private', async () => {
    names.set('half.example.org', ['93.184.215.14', '10.0.0.1']);
    await expect(check('https://half.example.org/')).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it('is refused when it resolves to nothing', async () => {
    await expect(check('https://nowhere.example.org/')).rejects.toThrow(/nowhere\.example\.org cannot be resolved/);
  });
});
