import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './platform/project-folder.js';

const manifest: unknown = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));

/** The version of the portal, as its package says. */
export const productVersion =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
