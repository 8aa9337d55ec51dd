import { fileURLToPath } from 'node:url';

/**
 * The folder that holds the project, with its migrations, operations and documentation: two levels above this file, as it
 * is written, as it is compiled (`dist/platform/`), and as a part of the bundle (`dist/bundle/`).
 */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url));
