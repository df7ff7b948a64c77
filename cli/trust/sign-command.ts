/** Signing with a key that never touches the disk: a command that talks to a KMS, an HSM, or openssl. */
import { spawn } from 'node:child_process';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
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
    async sign(message) {
      const directory = await mkdtemp(join(tmpdir(), 'plan-lint-sign-'));
      try {
        const path = join(directory, 'to-sign');
        await writeFile(path, message);
        return await signatureBy(command, path, cwd);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  };
}

/** Standard input is a file, not a pipe: tools that open `/dev/stdin` by its name cannot open Node's pipes, which are sockets. */
async function signatureBy(command: string, path: string, cwd: string): Promise<Uint8Array> {
  const input = await open(path);
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(command, { shell: true, cwd, stdio: [input.fd, 'pipe', 'inherit'] });
      const parts: Buffer[] = [];
      child.stdout?.on('data', (part: Buffer) => parts.push(part));
      child.on('error', () => reject(new SignError('PL6007')));
      child.on('close', (code) => {
        const signature = Buffer.concat(parts);
        if (code !== 0) reject(new SignError('PL6007', `it exited with ${code ?? 'a signal'}`));
        else if (signature.length === 0 || signature.length > MAX_SIGNATURE) {
          reject(new SignError('PL6007', `it printed ${signature.length} bytes`));
        } else resolve(signature);
      });
    });
  } finally {
    await input.close();
  }
}
