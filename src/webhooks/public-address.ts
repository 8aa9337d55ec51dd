import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The part of IPv6 that is given out to the public internet. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Is this an address on the public internet? Everything else is refused, known or not: private, loopback, link-local,
 * multicast, reserved and documentation ranges, and IPv6 forms in which an IPv4 address travels (mapped, compatible,
 * NAT64, 6to4, Teredo, ISATAP), because that one may be private.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast';
  return address.match(globalUnicast) && address.range() === 'unicast' && !isIsatap(address);
}

/** RFC 5214: the interface identifier is 0000:5efe or 0200:5efe, followed by an IPv4 address. */
function isIsatap(address: ipaddr.IPv6): boolean {
  const [, , , , high, low] = address.parts;
  return low === 0x5efe && (high === 0 || high === 0x200);
}
