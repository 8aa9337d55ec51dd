import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What was compiled at an earlier start is kept beside the program, which makes the next one shorter. Imports are
// compiled before anything runs, so the portal is imported afterwards. A folder that cannot be written to is done without.
enableCompileCache(fileURLToPath(new URL('.compiled', import.meta.url)));
await import('./serve.js');
