/** A server of files with conditional PUT, as a registry behind an address is: RFC 9110 §13.1, and a token. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { sha256Hex } from '../../compiler/6-sign/index.ts';

export interface RegistryServer {
  readonly address: string;
  readonly files: Map<string, Uint8Array>;
  /** What happens before a PUT is looked at: somebody else may be faster. */
  beforePut: (path: string) => void;
  readonly close: () => void;
}

/** @param token - demanded of who writes */
export async function registryServer(token: string): Promise<RegistryServer> {
  const files = new Map<string, Uint8Array>();
  const tagOf = (path: string): string | undefined => {
    const content = files.get(path);
    return content && `"${sha256Hex(content)}"`;
  };
  const server: Server = createServer((request, response) => {
    void (async () => {
      const path = (request.url ?? '').slice(1);
      const body = await buffer(request);
      if (request.method === 'PUT') {
        if (request.headers.authorization !== `Bearer ${token}`) return response.writeHead(403).end();
        face.beforePut(path);
        const tag = tagOf(path);
        const { 'if-match': match, 'if-none-match': none } = request.headers;
        if ((none === '*' && tag !== undefined) || (match !== undefined && match !== tag))
          return response.writeHead(412).end();
        files.set(path, body);
        return response.writeHead(201).end();
      }
      const content = files.get(path);
      if (!content) return response.writeHead(404).end();
      return response.writeHead(200, { etag: tagOf(path) }).end(content);
    })();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const face: RegistryServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    beforePut: () => undefined,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return face;
}
