/** What was published and pulled, for people and for programs. */
import type { Published } from '../../bundles/registry/publish.ts';
import type { Pulled } from '../../bundles/registry/pull.ts';
import { shown } from './shown.ts';

type Head = Pick<Published, 'channel' | 'bundle' | 'digest' | 'sequence' | 'issued' | 'expires' | 'file'>;

const facts = ({ channel, bundle, digest, sequence, issued, expires, file }: Head): object => ({
  channel,
  sequence,
  issued,
  expires,
  bundle,
  digest,
  file,
});

const lines = ({ channel, sequence, bundle, digest, expires, file }: Head): string =>
  shown`channel      ${channel}, sequence ${sequence}, until ${expires}\n` +
  shown`bundle       ${bundle}, sha256:${digest}\n` +
  shown`file         ${file.name}, sha256:${file.sha256}\n`;

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

export const publishedJson = (published: Published): string =>
  json({ ...facts(published), before: published.before && facts(published.before) });

export function publishedText(published: Published, registry: string): string {
  const { before } = published;
  const change =
    before === null
      ? shown`before       nothing: this is the first\n`
      : shown`before       ${before.digest === published.digest ? 'the same bundle' : `sha256:${before.digest}`}, sequence ${before.sequence}\n`;
  return shown`published    to ${registry}\n` + lines(published) + change;
}

export const pulledJson = ({ head }: Pulled, path: string, isNew: boolean): string =>
  json({ ...facts(head), output: path, changed: isNew });

export const pulledText = ({ head }: Pulled, path: string, isNew: boolean): string =>
  lines(head) + shown`${(isNew ? 'written' : 'unchanged').padEnd(12)} ${path}\n`;
