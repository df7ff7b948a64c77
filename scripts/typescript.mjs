// `node --import ./scripts/typescript.mjs file.ts`: runs this repository's TypeScript without a build.
import * as nodeModule from 'node:module';
import { loadSync } from './typescript-hooks.mjs';

// Node 26 warns of `register`; Node 20 has nothing else.
if (nodeModule.registerHooks) nodeModule.registerHooks({ load: loadSync });
else nodeModule.register('./typescript-hooks.mjs', import.meta.url);
