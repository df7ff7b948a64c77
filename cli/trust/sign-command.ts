/** Signing with a key that never touches the disk: a command that talks to a KMS, an HSM, or openssl. */
import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignError, signerKey, type Signer } from '../../compiler/6-sign/index.ts';
import type { KeyObject } from 'node:crypto';

/** No signature of an accepted algorithm is longer (RSA 8192). */
const MAX_SIGNATURE = 1024;

/**
 * A signer that runs a shell command. It gets the bytes to sign (DSSE's pre-authentication encoding) on stdin and
 * prints the raw signature on stdout: DER for ECDSA, as `openssl dgst -sha256 -sign KEY` does.
 *
 * @throws SignError PL6007 when signing, if the command fails or prints no signature
 */
export function commandSigner(command: string, publicKey: KeyObject, cwd: string): Signer {
  return {
    key: signerKey(publicKey),
    async sign(bytes) {
      const directory = await mkdtemp(join(tmpdir(), 'plan-lint-sign-'));
      try {
        const message = join(directory, 'to-sign');
        await writeFile(message, bytes);
        return await signatureBy(command, { message, signature: join(directory, 'signature') }, cwd);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

interface Files {
  readonly message: string;
  readonly signature: string;
}

/**
 * Standard input and output are files, not pipes: tools that open `/dev/stdin` or `/dev/stdout` by its name cannot open Node's
 * pipes, which are sockets.
 */
async function signatureBy(command: string, files: Files, cwd: string): Promise<Uint8Array> {
  const input = await open(files.message);
  const output = await open(files.signature, 'wx', 0o600);
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(command, { shell: true, cwd, stdio: [input.fd, output.fd, 'inherit'] });
      child.on('error', () => reject(new SignError('PL6007')));
      child.on('close', (code) => {
        if (code === 0) resolve();
        else reject(new SignError('PL6007', `it exited with ${code ?? 'a signal'}`));
      });
    });
    const { size } = await stat(files.signature);
    if (size === 0 || size > MAX_SIGNATURE) throw new SignError('PL6007', `it printed ${size} bytes`);
    return await readFile(files.signature);
  } finally {
    await input.close();
    await output.close();
  }
}
