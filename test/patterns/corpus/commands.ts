/** Shell commands, paths, addresses and markup. */
import type { Row } from './row.ts';

export const COMMANDS: readonly Row[] = [
  [
    'recursive delete',
    'dfa',
    String.raw`\brm\s+-(?:[a-zA-Z]*r[a-zA-Z]*f|[a-zA-Z]*f[a-zA-Z]*r)`,
    'sudo rm -rf /',
    'rm file',
  ],
  ['path traversal', 'native', String.raw`(?:\.\.[\/\\]){2,}`, 'a/../../etc/passwd', 'a/../b'],
  ['encoded traversal', 'native', String.raw`(?i)%2e%2e(?:%2f|%5c|\/)`, '%2E%2e%2Fetc', '%2e'],
  ['shell metacharacters', 'native', '[;&|`$<>\\\\]', 'a; b', 'a b'],
  ['command substitution', 'dfa', String.raw`\$\([^)]*\)|\x60[^\x60]*\x60`, 'echo $(id)', 'echo $id'],
  [
    'pipe to shell',
    'dfa',
    String.raw`(?i)(?:curl|wget)[^|\n]*\|\s*(?:ba|z|da)?sh\b`,
    'curl https://x.example/i | bash',
    'curl x',
  ],
  ['system paths', 'native', String.raw`^\/(?:etc|proc|sys|root|boot)(?:\/|$)`, '/etc/shadow', '/home/etc'],
  [
    'executable extension',
    'native',
    String.raw`(?i)\.(?:exe|dll|bat|cmd|ps1|vbs|scr)$`,
    'setup.EXE',
    'setup.exe.txt',
  ],
  [
    'cloud metadata',
    'literals',
    '169\\.254\\.169\\.254|metadata\\.google\\.internal',
    'http://169.254.169.254/latest',
    '169.254.169.25',
  ],
  [
    'local address',
    'native',
    String.raw`^https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::\d{1,5})?(?:\/|$)`,
    'http://localhost:8080/',
    'http://localhost.example',
  ],
  [
    'unlisted host',
    'native',
    String.raw`^https:\/\/(?!(?:api|cdn)\.example\.com(?:\/|$))`,
    'https://evil.example',
    'https://api.example.com/x',
  ],
  ['script tag', 'dfa', String.raw`(?i)<script\b[^>]*>`, '<SCRIPT src=x>', '<scripts>'],
  ['event handler', 'dfa', String.raw`(?i)\bon\w{3,20}\s*=`, '<img onerror =x>', 'on = x'],
  ['template injection', 'dfa', String.raw`\{\{.*?\}\}|\$\{.*?\}`, '{{7*7}}', '{7*7}'],
  ['ldap injection', 'native', String.raw`[()*&|!\\]|\x00`, 'a)(b', 'ab'],
];
