/** A file whose content is in force, and is read again when it changes; what cannot be read leaves what is in force. */
import { readFile } from 'node:fs/promises';
import { reasonOf, ServiceError } from '../failure.ts';

export interface WatchedOptions<T> {
  readonly path: string;
  readonly read: (text: string) => T;
  /** Another content is in force from now on. */
  readonly onChange: (value: T) => void;
  readonly onProblem: (message: string) => void;
}

/** Between two looks, milliseconds. */
const EVERY = 1_000;

export class WatchedFile<T> {
  readonly #options: WatchedOptions<T>;
  readonly #timer: NodeJS.Timeout;
  #text: string;
  #value: T;
  #problem = '';

  private constructor(options: WatchedOptions<T>, text: string, value: T) {
    this.#options = options;
    this.#text = text;
    this.#value = value;
    this.#timer = setInterval(() => void this.look(), EVERY);
    this.#timer.unref();
  }

  /** @throws ServiceError for what cannot be read at the start */
  static async open<T>(options: WatchedOptions<T>): Promise<WatchedFile<T>> {
    let text: string;
    try {
      text = await readFile(options.path, 'utf8');
    } catch (error) {
      throw new ServiceError(
        `\`${options.path}\` cannot be read: ${reasonOf(error)}`,
        'check the path and its permissions',
      );
    }
    return new WatchedFile(options, text, options.read(text));
  }

  get value(): T {
    return this.#value;
  }

  /** Looks now. Never throws. */
  async look(): Promise<void> {
    const { path, read, onChange, onProblem } = this.#options;
    try {
      const text = await readFile(path, 'utf8');
      if (text === this.#text && this.#problem === '') return;
      const isNew = text !== this.#text;
      this.#value = read(text);
      this.#text = text;
      this.#problem = '';
      if (isNew) onChange(this.#value);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#problem)
        onProblem(`\`${path}\` is not taken, what was in force stays: ${message}`);
      this.#problem = message;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
