const letters = '0123456789abcdefghjkmnpqrstvwxyz';

/** The database id behind an id of the API (https://github.com/jetify-com/typeid), which payloads of events hold. */
export function uuidOf(typedId: string): string {
  const text = typedId.slice(typedId.lastIndexOf('_') + 1);
  let bits = 0n;
  for (const letter of text) bits = (bits << 5n) | BigInt(Math.max(letters.indexOf(letter), 0));
  const digits = bits.toString(16).padStart(32, '0');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}
