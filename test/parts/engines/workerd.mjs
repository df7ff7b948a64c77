// node workerd.mjs MINIFLARE DIRECTORY: runs web.js of the directory in workerd, and prints what it says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , miniflare, directory] = process.argv;
const { Miniflare } = await import(pathToFileURL(miniflare).href);
const module = (path, contents) => ({ type: 'ESModule', path, contents });
const worker = `import { run } from './web.js';
export default {
  async fetch() {
    try { return Response.json(await run()); } catch (error) { return Response.json({ error: String(error) }); }
  },
};`;
const files = ['web.js', 'good.mjs', 'tampered.mjs', 'reprinted.mjs', 'shadowed.mjs'];
const flare = new Miniflare({
  modules: [
    module('worker.mjs', worker),
    ...files.map((name) => module(name, readFileSync(join(directory, name), 'utf8'))),
  ],
  compatibilityDate: '2026-01-01',
});
try {
  console.log(`RESULT ${await (await flare.dispatchFetch('http://worker/')).text()}`);
} finally {
  await flare.dispose();
}
