import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LocalStorage } from '../../../src/platform/storage/local-storage.js';

const newKey = () => randomBytes(32).toString('hex');
const accept = async () => {};

describe('Storage on the local disk', () => {
  let folder: string;
  let storage: LocalStorage;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-storage-'));
    storage = await LocalStorage.open(join(folder, 'documents'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const filesIn = async (name: string) => (await readdir(join(folder, 'documents', name)).catch(() => [])).length;

  const kept = async (key: string) => {
    const opened = await storage.open(key);
    return opened && buffer(opened.bytes);
  };

  test('keeps bytes and says how many there are and what their SHA-256 is', async () => {
    const key = newKey();
    const bytes = randomBytes(300_000);
    const written = await storage.write(
      key,
      Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]),
      accept,
    );

    expect(written).toEqual({ size: 300_000, sha256: createHash('sha256').update(bytes).digest('hex') });
    expect(await storage.sizeOf(key)).toBe(300_000);
    expect((await kept(key))?.equals(bytes)).toBe(true);
  });

  test('only its owner can read what is kept', async () => {
    const key = newKey();
    await storage.write(key, Readable.from([Buffer.from('secret')]), accept);

    const file = await stat(join(folder, 'documents', key.slice(0, 2), key));
    expect(file.mode & 0o777).toBe(0o600);
  });

  test('keeps nothing of what the check refuses', async () => {
    const key = newKey();
    const refused = storage.write(key, Readable.from([Buffer.from('bad')]), async () => {
      throw new Error('not wanted');
    });

    await expect(refused).rejects.toThrow('not wanted');
    expect(await storage.sizeOf(key)).toBeNull();
    expect(await filesIn('incoming')).toBe(0);
  });

  test('keeps nothing of bytes that break off', async () => {
    const key = newKey();
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('cut off');
    }

    await expect(storage.write(key, broken(), accept)).rejects.toThrow('cut off');
    expect(await storage.sizeOf(key)).toBeNull();
    expect(await filesIn('incoming')).toBe(0);
  });

  test('never replaces what is kept, also when two write at once', async () => {
    const key = newKey();
    const texts = ['one', 'other'];
    const results = await Promise.allSettled(
      texts.map((text) => storage.write(key, Readable.from([Buffer.from(text)]), accept)),
    );

    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'ALREADY_EXISTS' });
    const winner = results.findIndex((result) => result.status === 'fulfilled');
    expect(String(await kept(key))).toBe(texts[winner]);
    expect(await filesIn('incoming')).toBe(0);
  });

  test('removing is the same whether there is something or not', async () => {
    const key = newKey();
    await storage.write(key, Readable.from([Buffer.from('gone soon')]), accept);
    await storage.remove(key);
    await storage.remove(key);

    expect(await storage.sizeOf(key)).toBeNull();
    expect(await storage.open(key)).toBeNull();
  });

  test('sweeps up what a crash left behind, and leaves alone what is being written', async () => {
    const [old, young] = ['old', 'young'].map((name) => join(folder, 'documents', 'incoming', name));
    if (!old || !young) throw new Error('two files');
    await writeFile(old, 'half');
    await writeFile(young, 'half');
    await utimes(old, new Date('2026-01-01'), new Date('2026-01-01'));
    await storage.removeLeftovers(new Date('2026-01-02'));

    await expect(stat(old)).rejects.toThrow('ENOENT');
    await expect(stat(young)).resolves.toBeDefined();
    await rm(young);
  });

  test('takes no other key than its own, so that no input ever names a file', async () => {
    await expect(storage.sizeOf('../../etc/passwd')).rejects.toThrow('not a storage key');
  });

  test('says whether it can be written', async () => {
    await expect(storage.probe()).resolves.toBeUndefined();
    const lost = await LocalStorage.open(join(folder, 'lost'));
    await rm(join(folder, 'lost'), { recursive: true });
    await expect(lost.probe()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
