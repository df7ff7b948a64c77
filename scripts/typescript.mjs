// `node --import ./scripts/typescript.mjs file.ts`: runs this repository's TypeScript without a build.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
