/**
 * Tells of approvals: a reader of the audit log, so that nothing waits in memory and nothing is lost. Messages are signed as Standard
 * Webhooks has it; they hold names and digests, never a value of a plan.
 */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AuditAction } from '../audit/event.ts';
import type { WrittenEvent } from '../audit/line.ts';
import { BEGINNING } from '../audit/reader.ts';
import type { Batch, Position } from '../audit/reader.ts';
import type { CursorStore } from '../sinks/cursor.ts';
import type { Sink } from '../sinks/run.ts';

export interface WebhookOptions {
  readonly url: string;
  readonly secretFile: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly cursor: CursorStore;
  /** Of a message that is refused for what it is, and will not be sent again. */
  readonly onRefused: (id: string, status: number) => void;
}

const TYPES: Readonly<Partial<Record<AuditAction, string>>> = {
  approval_requested: 'approval.requested',
  approval_decided: 'approval.decided',
  approval_expired: 'approval.expired',
};

/** Statuses that say “later”, as 5xx does; any other of 4xx says “never”. */
const LATER: ReadonlySet<number> = new Set([408, 425, 429]);

/** The bytes of a secret: `whsec_` and base64, or as it stands. */
function keyOf(text: string): Buffer {
  const secret = text.trim();
  if (secret === '') throw new Error('the secret of the webhook is empty');
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
}

/**
 * @returns the value of `webhook-signature`
 * @example
 * signatureOf('s3cret', { id: 'a', timestamp: 1, body: '{}' }); // v1,…
 */
export function signatureOf(
  secret: string,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): string {
  const text = `${id}.${timestamp}.${body}`;
  return `v1,${createHmac('sha256', keyOf(secret)).update(text).digest('base64')}`;
}

interface Message {
  readonly id: string;
  readonly body: string;
}

function messageOf(event: WrittenEvent): Message | null {
  const type = TYPES[event.action];
  if (type === undefined) return null;
  const { timestamp, user, plan_id, policy_id, team = null, environment = null, detail = {} } = event;
  const data = { ...detail, plan_id, policy: policy_id, team, environment, user };
  // The same however often it is sent: whoever receives it twice can tell.
  const id = `${String(detail['approval'])}.${event.seq}`;
  return { id, body: JSON.stringify({ type, timestamp, data }) };
}

class WebhookSink implements Sink {
  readonly name = 'webhook';
  readonly #options: WebhookOptions;
  #position: Position = BEGINNING;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  async begin(): Promise<Position> {
    this.#position = await this.#options.cursor.load();
    return this.#position;
  }

  async deliver({ lines }: Batch): Promise<Position> {
    for (const { event, position } of lines) {
      const message = messageOf(event);
      if (message) {
        await this.#send(message);
        await this.#options.cursor.save(position);
      }
      this.#position = position;
    }
    await this.#options.cursor.save(this.#position);
    return this.#position;
  }

  async #send({ id, body }: Message): Promise<void> {
    const { url, secretFile, timeout, onRefused } = this.#options;
    const timestamp = Math.floor(Date.now() / 1000);
    const signature = signatureOf(await readFile(secretFile, 'utf8'), { id, timestamp, body });
    const reply = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signature,
      },
      body,
      // A redirect would carry it where nobody has said.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeout),
    });
    await reply.body?.cancel();
    if (reply.ok) return;
    const { status } = reply;
    if (status >= 500 || status < 400 || LATER.has(status)) throw new Error(`the webhook answers ${status}`);
    onRefused(id, status);
  }

  settle(): Promise<Position> {
    return Promise.resolve(this.#position);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** @returns a sink for `runSink` */
export const webhookSink = (options: WebhookOptions): Sink => new WebhookSink(options);
