/** Who signs: flags that several verbs share. */
import type { Command } from 'commander';

export const signerFlags = (command: Command): Command =>
  command
    .option('--key <file...>', 'private keys to sign with, one signature each')
    .option('--passphrase-env <variable>', 'variable that holds the passphrase of encrypted keys')
    .option('--sign-command <command>', 'shell command that signs standard input: a KMS, an HSM, openssl')
    .option('--public-key <file>', 'public key or certificate of whoever signs elsewhere');
