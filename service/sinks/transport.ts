/** Connections to a collector. */
import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { datagram, octetCounted } from './syslog.ts';

export interface Collector {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tls' | 'tcp' | 'udp';
  /** PEM of who vouches for the collector; default: as the system does. Read at each connection: files may be replaced. */
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

/** How long a connection may take, and how long the other side may take nothing, milliseconds. */
const PATIENCE = 10_000;
/** How long a farewell may take, milliseconds. */
const CLOSING = 1_000;

export interface Connection {
  /** Resolves when the other side has taken it, as far as that can be told. @throws Error when it is gone */
  send(messages: readonly string[]): Promise<void>;
  /** Resolves with the reason when it is gone. */
  readonly gone: Promise<Error>;
  close(): void;
}

async function tlsSocket({ host, port, caFile, certFile, keyFile }: Collector): Promise<Socket> {
  const pem = (path: string | undefined): Promise<Buffer | undefined> =>
    path === undefined ? Promise.resolve(undefined) : readFile(path);
  const [ca, cert, key] = await Promise.all([pem(caFile), pem(certFile), pem(keyFile)]);
  return connectTls({
    host,
    port,
    minVersion: 'TLSv1.2',
    ...(isIP(host) === 0 && { servername: host }),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
  });
}

async function openStream(collector: Collector): Promise<Connection> {
  const isTls = collector.transport === 'tls';
  const socket = isTls ? await tlsSocket(collector) : connectTcp(collector.port, collector.host);
  const gone = new Promise<Error>((resolve) => {
    socket.on('error', resolve);
    socket.on('close', () => resolve(new Error('the connection was closed')));
  });
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('no answer')));
    socket.once(isTls ? 'secureConnect' : 'connect', resolve);
    void gone.then(reject);
  });
  socket.setTimeout(0);
  socket.setKeepAlive(true, 5_000);
  // A collector says nothing; what it says is not kept, and its end is noticed.
  socket.resume();
  return {
    gone,
    send(messages) {
      return new Promise((resolve, reject) => {
        void gone.then(reject);
        socket.write(Buffer.concat(messages.map(octetCounted)), (error) => {
          if (error) reject(error);
          else resolve();
        });
      });
    },
    close() {
      // With its farewell, for the sake of the other side's log; a side that does not answer is left.
      socket.setTimeout(CLOSING, () => socket.destroy());
      socket.end(() => socket.destroy());
    },
  };
}

async function openDatagrams({ host, port }: Collector): Promise<Connection> {
  const socket = createSocket(isIP(host) === 6 ? 'udp6' : 'udp4');
  const gone = new Promise<Error>((resolve) => socket.on('error', resolve));
  await new Promise<void>((resolve, reject) => {
    void gone.then(reject);
    socket.connect(port, host, resolve);
  });
  return {
    gone,
    async send(messages) {
      for (const message of messages)
        await new Promise<void>((resolve, reject) =>
          socket.send(datagram(message), (error) => {
            if (error) reject(error);
            else resolve();
          }),
        );
    },
    close: () => socket.close(),
  };
}

/** Connects. @throws Error of the system, or of TLS */
export const openConnection = (collector: Collector): Promise<Connection> =>
  collector.transport === 'udp' ? openDatagrams(collector) : openStream(collector);
