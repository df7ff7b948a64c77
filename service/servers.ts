/** The addresses that are listened on: the service's, and one of its own for operators where there is one. */
import type { FastifyInstance } from 'fastify';
import type { Closing } from './closing.ts';
import type { Deps } from './deps.ts';
import { ROUTES } from './http/routes/index.ts';
import { buildServer } from './http/server.ts';
import { keepTlsFresh, readTls } from './http/tls.ts';
import type { TlsFiles } from './http/tls.ts';
import { hostText, listenOf } from './listen.ts';
import type { Listen } from './listen.ts';

export interface Servers {
  readonly url: string;
  readonly look: () => Promise<void>;
  readonly close: (grace: number) => Promise<void>;
}

export async function listenAll(deps: Deps, listen: Listen, closing: Closing): Promise<Servers> {
  const { tls, admin } = deps.config;
  const files: TlsFiles | null = tls && {
    cert: tls.cert_file,
    key: tls.key_file,
    clientCa: tls.client_ca_file,
  };
  const app = buildServer(
    deps,
    ROUTES.filter(({ isAdmin }) => !isAdmin || admin.listen === null),
    files && (await readTls(files)),
  );
  const apps: FastifyInstance[] = [app];
  closing.add(() => Promise.all(apps.map((each) => each.close())));
  const fresh =
    files &&
    keepTlsFresh(app.server as never, files, {
      replaced: () => deps.log.info('the certificate was replaced'),
      refused: (message) => deps.log.error(`the certificate is not replaced: ${message}`),
    });
  if (fresh) closing.add(() => fresh.stop());
  if (admin.listen !== null) {
    const own = buildServer(
      deps,
      ROUTES.filter(({ isAdmin }) => isAdmin),
      null,
    );
    apps.push(own);
    await own.listen(listenOf(admin.listen, 'admin.listen'));
  }
  await app.listen(listen);
  const { port } = app.server.address() as { readonly port: number };
  return {
    url: `${files ? 'https' : 'http'}://${hostText({ ...listen, port })}`,
    look: async () => {
      await fresh?.look();
    },
    close: (grace) => closeWithin(apps, grace),
  };
}

/** Stops listening and finishes what has begun; what is not done by then is cut off. */
async function closeWithin(apps: readonly FastifyInstance[], grace: number): Promise<void> {
  const timer = setTimeout(() => {
    for (const app of apps) app.server.closeAllConnections();
  }, grace);
  await Promise.all(apps.map((app) => app.close()));
  clearTimeout(timer);
}
