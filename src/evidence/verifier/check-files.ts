import { createHash, createPublicKey, verify } from 'node:crypto';
import { archiveFormat, type Manifest, type SignatureFile, signedText } from '../archive-lines.js';
import type { OpenedArchive } from './opened-archive.js';
import type { Troubles } from './troubles.js';

/** The manifest, and the key that it was signed with. @param expected the key that the portal’s was said to be */
export async function readManifest(
  archive: OpenedArchive,
  troubles: Troubles,
  expected: string | null,
): Promise<{ readonly manifest: Manifest; readonly publicKey: string }> {
  const text = await archive.text('manifest.json');
  // Its form is looked at next; what it says is signed.
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.format !== archiveFormat) throw new Error(`This script reads "${archiveFormat}".`);
  const { publicKey, signature } = JSON.parse(await archive.text('signature.json')) as SignatureFile;
  const signed = Buffer.from(signedText(createHash('sha256').update(text).digest('hex')));
  const key = createPublicKey(expected ?? publicKey);
  if (!verify(null, signed, key, Buffer.from(signature, 'base64')))
    troubles.add('manifest.json', 'it is not what the portal signed: it was changed, or signed with another key');
  return { manifest, publicKey: key.export({ format: 'pem', type: 'spki' }).toString() };
}

/** Are the files those that the manifest names, byte by byte? */
export async function checkFiles(archive: OpenedArchive, manifest: Manifest, troubles: Troubles): Promise<void> {
  for (const [name, { sha256, size, lines }] of Object.entries(manifest.files)) {
    if (!archive.has(name)) {
      troubles.add(name, 'it is missing');
      continue;
    }
    const found = await measured(archive, name);
    if (lines !== null && found.lines !== lines)
      troubles.add(name, `it has ${found.lines} lines, and the manifest says ${lines}: lines were removed or put in`);
    else if (found.sha256 !== sha256)
      troubles.add(name, `it has the SHA-256 ${found.sha256}, and the manifest says ${sha256}: it was changed`);
    else if (archive.sizeOf(name) !== size) troubles.add(name, 'it has another size than the manifest says');
  }
}

async function measured(archive: OpenedArchive, name: string) {
  const hash = createHash('sha256');
  let lines = 0;
  if (archive.sizeOf(name) > 0) {
    for await (const chunk of archive.bytes(name)) {
      hash.update(chunk);
      for (const byte of chunk) if (byte === 10) lines += 1;
    }
  }
  return { sha256: hash.digest('hex'), lines };
}
