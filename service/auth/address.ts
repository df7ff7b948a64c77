/** Addresses that are trusted with tokens, or for keys: encrypted, or on this machine. */
import { ConfigError } from '../config/field.ts';

export function isSafeAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === 'https:') return true;
  return url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

/** @throws ConfigError where nothing is written */
export function setting(value: string, path: string): string {
  if (value !== '') return value;
  throw new ConfigError(`\`${path}\` is missing`, `set \`${path}\``);
}

/** @param why - what comes from there, or goes there. @throws ConfigError */
export function address(value: string, path: string, why: string): string {
  const written = setting(value, path);
  if (isSafeAddress(written)) return written;
  throw new ConfigError(`\`${path}\` is no https address`, `${why}: https://auth.example.com/…`);
}
