/** The server behind the proxy, however it is reached. */
import type { Message } from '../wire/message.ts';

/** What an upstream tells. */
export interface UpstreamEvents {
  /** A text that should be a message. */
  readonly onText: (text: string) => void;
  /** A request could not be delivered: there will be no answer. */
  readonly onLost: (message: Message, reason: string) => void;
  /** There will be no more messages. */
  readonly onEnd: (reason: string) => void;
  /** For the operator. */
  readonly note: (text: string) => void;
}

export interface Upstream {
  send(message: Message): void;
  /** Ends it; resolves when it has ended. */
  close(): Promise<void>;
}
