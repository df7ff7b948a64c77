/** `plan-lint session` and `plan-lint replay`: calls are decided one by one, as lines say. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadBundle } from '@plan-lint/runtime';
import type { Sealing } from '@plan-lint/runtime/session';
import { choosePolicy } from '../../bundles/choose-policy.ts';
import { UsageError } from '../../bundles/failure.ts';
import { bundleSource } from '../../bundles/source.ts';
import type { SourceOptions } from '../../bundles/source.ts';
import { askedAt } from '../context.ts';
import { Conversation } from '../session/conversation.ts';
import type { Answer } from '../session/conversation.ts';
import { linesOf } from '../../plans/index.ts';
import { reportFailures } from '../terminal/failure.ts';
import { EXIT } from '../terminal/io.ts';
import type { Io } from '../terminal/io.ts';
import { replayText } from '../text/replay.ts';

export interface SessionCommandOptions extends SourceOptions {
  /** The instant for lines that say none; default: the clock. */
  readonly now?: string;
  /** A file of 32 bytes or more: snapshots are sealed with it. */
  readonly sealKey?: string;
  /** Nobody but the host writes where snapshots are kept. */
  readonly trustedStore?: boolean;
}

export interface ReplayOptions extends SessionCommandOptions {
  readonly trace: string;
  readonly format?: 'text' | 'json';
}

async function sealingOf(
  { sealKey, trustedStore }: SessionCommandOptions,
  io: Io,
): Promise<Sealing | undefined> {
  if (trustedStore) return { store: 'trusted' };
  if (sealKey === undefined) return undefined;
  const key = new Uint8Array(await readFile(resolve(io.cwd, sealKey)));
  if (key.length < 32)
    throw new UsageError(
      `\`${sealKey}\` holds ${key.length} bytes, and a key has 32 or more`,
      'openssl rand -out session.key 32',
    );
  return { key };
}

async function opened(options: SessionCommandOptions, io: Io): Promise<Conversation> {
  const source = await bundleSource(options, io);
  const bundle = await loadBundle(source.module, source.sidecars, source.trust, source.load);
  const policy = choosePolicy(bundle, source.entry);
  const now = options.now === undefined ? undefined : askedAt(options.now, io);
  return new Conversation(policy, { sealing: await sealingOf(options, io), now: () => now ?? io.now() });
}

/** Asks line by line; the end of the lines closes. */
async function converse(
  conversation: Conversation,
  chunks: AsyncIterable<Uint8Array>,
  tell: (answer: Answer, line: number) => void,
): Promise<number> {
  let last = 0;
  for await (const { text, number } of linesOf(chunks)) {
    last = number;
    if (text?.trim() === '') continue;
    tell(conversation.answer(text ?? '', number), number);
  }
  const closing = conversation.end();
  if (closing) tell(closing, last + 1);
  if (conversation.errors > 0) return EXIT.usage;
  return conversation.findings > 0 ? EXIT.findings : EXIT.ok;
}

async function* once(bytes: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await bytes;
}

export function session(options: SessionCommandOptions, io: Io): Promise<number> {
  return reportFailures(io, async () =>
    converse(await opened(options, io), io.stdinStream ? io.stdinStream() : once(io.stdin()), (answer) => {
      io.stdout(`${JSON.stringify(answer)}\n`);
    }),
  );
}

export function replay(options: ReplayOptions, io: Io): Promise<number> {
  return reportFailures(io, async () => {
    const conversation = await opened(options, io);
    const file = createReadStream(resolve(io.cwd, options.trace));
    const write = options.format === 'json' ? replayJson : replayText;
    return converse(conversation, file, (answer, line) => {
      io.stdout(write(answer, line));
    });
  });
}

const replayJson = (answer: Answer, line: number): string => `${JSON.stringify({ ...answer, line })}\n`;
