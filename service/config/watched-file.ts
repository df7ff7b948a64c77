/** A file whose content is in force, and is read again when it changes; what cannot be read, or written down, leaves what is in force. */
import { readFile } from 'node:fs/promises';
import { reasonOf, ServiceError } from '../failure.ts';

export interface WatchedOptions<T> {
  readonly path: string;
  readonly read: (text: string) => T;
  /** Another content is in force from now on, unless this throws: then it is tried again. */
  readonly onChange: (value: T) => Promise<void>;
  /** What is in force without the file; absent: what was. */
  readonly whenGone?: T;
  readonly onProblem: (message: string) => void;
}

/** Between two looks, milliseconds. */
const EVERY = 1_000;
const GONE = Symbol('there is no file');

export class WatchedFile<T> {
  readonly #options: WatchedOptions<T>;
  readonly #timer: NodeJS.Timeout;
  #text: string | typeof GONE;
  #value: T;
  #problem = '';
  #looking: Promise<void> | null = null;

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
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { path, read, onChange, onProblem } = this.#options;
    try {
      const text = await this.#read();
      if (text === this.#text) {
        this.#problem = '';
        return;
      }
      const value = text === GONE ? (this.#options.whenGone as T) : read(text);
      await onChange(value);
      this.#value = value;
      this.#text = text;
      this.#problem = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== this.#problem)
        onProblem(`\`${path}\` is not taken, what was in force stays: ${message}`);
      this.#problem = message;
    }
  }

  async #read(): Promise<string | typeof GONE> {
    try {
      return await readFile(this.#options.path, 'utf8');
    } catch (error) {
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (isGone && 'whenGone' in this.#options) return GONE;
      throw error;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
