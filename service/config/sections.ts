/** What may stand in `plan-lint.service.yaml`: one table for reading, for the JSON Schema and for `--print-config`. */
import { bytes, flag, list, map, number, optional, percent, section, span, text, word } from './field.ts';
import type { Read } from './field.ts';

export const DURABILITIES = ['written', 'synced', 'async'] as const;

const item = (description: string) => text({ description, fallback: '' });

const policies = section('Where the policies come from, and what a bundle must satisfy.', {
  path: text({
    description:
      'A bundle (module or archive), a directory of bundles, a policy file, a directory of policies, or an address of a bundle.',
    fallback: '/etc/planlint/policies',
  }),
  trust: text({
    description: 'The trust root. Without one, policies are compiled here and marked as not signed.',
  }),
  name: text({ description: 'The name that a bundle must have.' }),
  audience: text({ description: 'The environment that a bundle must be for.' }),
  min_sequence: number({ description: 'Older bundles are refused.' }),
  max_age: span({
    description: 'How long the source may stay silent before the service is no longer ready.',
  }),
  issued_within: span({ description: 'How long ago a bundle may have been issued.' }),
  default: text({
    description: 'Where there are several bundles: the one that decides when nobody names one.',
  }),
  channel: text({
    description: 'Follow this channel: `policies.path` is the directory or the address of a registry.',
  }),
  roots: text({ description: 'Where the next trust roots are, with `{version}`.' }),
  poll: span({ description: 'Time between two looks at the source.', fallback: '60s' }),
  load_timeout: span({
    description: 'How long a bundle may take to load before it is refused.',
    fallback: '2s',
  }),
  allow_pending: flag({
    description:
      'With `?values=later`, a plan may be valid while checks wait for values: for callers that ask those checks themselves.',
    fallback: false,
  }),
  capabilities: list(
    item('A capability.'),
    'What policies that are compiled here are to be able to do beside whole plans.',
    ['session'],
  ),
});

const jwks = optional('Tokens of an issuer, verified here.', {
  issuer: text({ description: '`iss` of a token.', fallback: '' }),
  audience: list(item('An audience.'), '`aud` of a token: one of these.'),
  url: text({ description: 'Where the keys are; default: as the issuer’s metadata say.' }),
  algorithms: list(item('An algorithm.'), 'Signature algorithms that are taken.', [
    'ES256',
    'RS256',
    'PS256',
    'EdDSA',
  ]),
  username: text({ description: 'The claim that names the user.', fallback: 'sub' }),
  groups: text({ description: 'The claim with the groups of the user.', fallback: 'groups' }),
  refresh: span({ description: 'Time between two fetches of the keys.', fallback: '5m' }),
  max_stale: span({ description: 'How long keys are used while they cannot be fetched.', fallback: '1h' }),
  clock_tolerance: span({ description: 'How far clocks may differ.', fallback: '30s' }),
});

const auth = section('Who asks.', {
  modes: list(
    item('A mode.'),
    'static, jwks, verify_url, introspection, mtls: the first that knows a token decides.',
  ),
  verify_url: optional('The company’s own service that says whose a token is.', {
    url: text({ description: 'Asked with the caller’s `Authorization`.', fallback: '' }),
    timeout: span({ description: 'How long it may take.', fallback: '2s' }),
  }),
  jwks,
  introspection: optional('Token introspection (RFC 7662).', {
    url: text({ description: 'The introspection endpoint.', fallback: '' }),
    client_id: text({ description: 'Who asks.', fallback: '' }),
    client_secret_file: text({
      description: 'A file with the secret; it is read again when it changes.',
      fallback: '',
    }),
    audience: list(item('An audience.'), '`aud` of a token: one of these.'),
    username: text({ description: 'The member that names the user.', fallback: 'username' }),
    timeout: span({ description: 'How long it may take.', fallback: '2s' }),
  }),
  mtls: optional('Certificates of clients.', {
    users: map(
      text({ description: 'The user.', fallback: '' }),
      'By a name in the certificate (`URI:spiffe://…`, `DNS:…`), the user it stands for.',
    ),
  }),
  static: optional('Tokens in a file, for development.', {
    file: text({
      description: 'JSON: a list of `{sha256, username, permissions, groups, team}`.',
      fallback: '',
    }),
  }),
  trust_permissions: flag({
    description: 'Permissions that a token brings count beside those of roles.',
    fallback: false,
  }),
  trust_context: flag({
    description:
      'What a caller says of the circumstances is vouched for: `form=record`, `context` of AuthZEN.',
    fallback: false,
  }),
  team: text({ description: 'The claim with the team of the user.', fallback: 'team' }),
  cache: span({
    description: 'How long a verified token is remembered: as long a withdrawn one is taken.',
    fallback: '60s',
  }),
  cache_entries: number({ description: 'How many are remembered.', fallback: 10_000 }),
});

const rbac = section('Who may do what.', {
  file: text({ description: 'Roles and bindings; it is read again when it changes.' }),
});

const limits = section('How much is taken.', {
  body: bytes({ description: 'Of one request.', fallback: '1MiB' }),
  batch_body: bytes({ description: 'Of one batch.', fallback: '64MiB' }),
  headers: bytes({ description: 'Of all headers of a request.', fallback: '16KiB' }),
  token: bytes({ description: 'Of a token.', fallback: '8KiB' }),
  headers_timeout: span({ description: 'Until the headers are there.', fallback: '5s' }),
  request_timeout: span({ description: 'Until a request is there.', fallback: '30s' }),
  in_flight: number({ description: 'Requests at a time; more are turned away.', fallback: 256, least: 1 }),
  loop_delay: span({
    description: 'Delay of the event loop (p99) beyond which requests are turned away.',
    fallback: '200ms',
  }),
  per_subject: number({ description: 'Requests a second of one user.' }),
  workers: number({
    description: 'Threads for batches and large plans; default: one less than processors.',
    most: 64,
  }),
  connections: number({ description: 'Connections at a time.', fallback: 10_000 }),
  sessions: number({ description: 'Sessions and runs that are open at a time.', fallback: 10_000 }),
  sessions_per_subject: number({ description: 'Of them, those of one user.', fallback: 1_000 }),
  session_bytes: bytes({ description: 'What all sessions keep.', fallback: '256MiB' }),
  session_bytes_per_subject: bytes({ description: 'What those of one user keep.', fallback: '64MiB' }),
});

const audit = section('The audit log.', {
  path: text({ description: 'The file; `-` is standard output.', fallback: '/var/log/plan-lint/audit.log' }),
  log: text({ description: 'Name of the log in its checkpoints; default: the host’s name.' }),
  durability: word(DURABILITIES, {
    description: 'What an answer waits for: the kernel has the line, the disk has it, or nothing.',
    fallback: 'written',
  }),
  on_failure: word(['deny', 'allow'], {
    description: 'Where nothing can be written: no answers, or answers that say so.',
    fallback: 'deny',
  }),
  segment_bytes: bytes({ description: 'A file that would grow beyond is closed.', fallback: '128MiB' }),
  daily: flag({ description: 'A file is closed at the end of its day (UTC).', fallback: true }),
  gzip: flag({ description: 'Closed files are compressed.', fallback: true }),
  keep: span({ description: 'Closed files that are older go, when every reader has passed them.' }),
  max_bytes: bytes({ description: 'Of all files together.' }),
  on_full: word(['stop', 'gap'], {
    description: 'At that limit: stop deciding, or let the oldest file go and say so.',
    fallback: 'stop',
  }),
  include: list(item('`args`.'), 'What is written beside the decision.'),
  mask: list(item('A path.'), 'Paths of arguments that are masked.'),
  checkpoint_key: text({ description: 'A private key that signs checkpoints.' }),
  checkpoint_every: span({ description: 'Time between two checkpoints.', fallback: '60s' }),
});

const siem = optional('Where violations are sent as CEF.', {
  host: text({ description: 'The collector.', fallback: '' }),
  port: number({ description: 'Its port.', fallback: 6514, most: 65_535 }),
  transport: word(['tls', 'tcp', 'udp'], { description: 'How.', fallback: 'tls' }),
  format: word(['rfc5424', 'bare'], {
    description: 'In a syslog message, or bare as one datagram.',
    fallback: 'rfc5424',
  }),
  severity: word(['number', 'word'], {
    description: '0 to 10, or the severity of the rule.',
    fallback: 'number',
  }),
  ca_file: text({ description: 'Who vouches for the collector; default: as the system does.' }),
  cert_file: text({ description: 'Our certificate.' }),
  key_file: text({ description: 'Its key.' }),
});

const results = optional('Where decisions can be looked up.', {
  url: text({
    description: '`sqlite:FILE` or `postgres://…`.',
    fallback: 'sqlite:/var/lib/plan-lint/results.db',
  }),
  url_file: text({ description: 'A file with the address, where it holds a secret.' }),
  keep: span({ description: 'Older decisions are removed.' }),
});

/** The whole configuration. */
export const CONFIG = section('Configuration of `plan-lint serve`.', {
  listen: text({
    description: '`host:port`; loopback alone where nobody is authenticated.',
    fallback: '0.0.0.0:8000',
  }),
  admin: section('Metrics and health on another port.', {
    listen: text({ description: '`host:port`; default: with the rest.' }),
  }),
  tls: optional('Encryption; the files are read again when they change.', {
    cert_file: text({ description: 'The chain of certificates, PEM.', fallback: '' }),
    key_file: text({ description: 'Its key, PEM.', fallback: '' }),
    client_ca_file: text({ description: 'Who vouches for certificates of clients (`auth.mtls`).' }),
  }),
  public_url: text({
    description:
      'The address that clients use, for AuthZEN’s metadata; default: as asked on loopback, none elsewhere.',
  }),
  state_dir: text({
    description: 'A directory of this service’s own: what it has seen, last good bundles, sessions.',
  }),
  environment: text({
    description: 'Where this service runs; rules see it as `context.environment`.',
    fallback: 'default',
  }),
  teams: map(
    section('A team.', { entries: list(item('An entry.'), 'Entries that it may ask; `*`: all.', ['*']) }),
    'Teams, and the entries they may ask. A team that is not here is counted as `other`.',
  ),
  policies,
  auth,
  rbac,
  limits,
  audit,
  siem,
  results,
  sessions: section('Sessions and runs.', {
    idle: span({ description: 'A session that nobody asks for as long is closed.', fallback: '1d' }),
    url: text({
      description:
        'Where they are kept: `postgres://…` where replicas share them, `sqlite:FILE`; default: a file in `state_dir`, or nowhere.',
    }),
    url_file: text({ description: 'A file with the address, where it holds a secret.' }),
  }),
  rollout: section('When a canary stops itself.', {
    min_decisions: number({
      description: 'Plans of which both bundles are asked before the first look, and between two looks.',
      fallback: 100,
      least: 10,
    }),
    max_delta: number({
      description:
        'Difference of the shares of refused plans that is no departure: 0.05 is five of a hundred.',
      fallback: 0.05,
      most: 1,
    }),
    alpha: number({
      description:
        'How likely a canary that does not differ may be stopped all the same, over its whole life.',
      fallback: 0.001,
      most: 1,
    }),
  }),
  approvals: optional('Approvals that wait for somebody’s word. They are kept where sessions are kept.', {
    life: span({ description: 'How long one waits before it ends by itself.', fallback: '1h' }),
    keep: span({ description: 'How long those that were settled are kept.', fallback: '30d' }),
    pending: number({ description: 'Approvals that wait at a time.', fallback: 1_000 }),
    pending_per_subject: number({ description: 'Of them, those of one user.', fallback: 100 }),
    webhook: optional('Who is told of approvals that are asked for, decided, or have expired.', {
      url: text({ description: 'https, or this machine.', fallback: '' }),
      secret_file: text({
        description: 'A file with the secret of the signature; it is read again for each message.',
        fallback: '',
      }),
      timeout: span({ description: 'How long an answer may take.', fallback: '5s' }),
    }),
  }),
  receipts: optional('Signed receipts for decisions.', {
    key_file: text({ description: 'The private key of a decision role.', fallback: '' }),
    audience: text({ description: 'Who is to carry the plan out; default: the environment.' }),
    life: span({ description: 'How long a decision may be acted on.', fallback: '5m' }),
  }),
  metrics: section('What is counted.', {
    share: span({ description: 'For how long one answer of `/metrics` is given to all.', fallback: '1s' }),
    max_series: number({ description: 'Series of rules; more are counted as `_other`.', fallback: 5_000 }),
  }),
  health: section('When the service is ready; `null` turns a threshold off.', {
    memory_percent: percent({ description: 'Of the limit of the container.', fallback: 90 }),
    cpu_percent: percent({ description: 'Of its limit, mean of a minute.', fallback: 90 }),
    disk_percent: percent({ description: 'Of the disk with the audit log.', fallback: 90 }),
  }),
  drain: section('How the service ends.', {
    delay: span({
      description: 'It serves on for as long after it has said that it is not ready.',
      fallback: '5s',
    }),
    grace: span({ description: 'Requests that have begun are finished within.', fallback: '20s' }),
  }),
  log: section('The operational log, on standard error.', {
    level: word(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
      description: 'From which level.',
      fallback: 'info',
    }),
  }),
});

/** A configuration that has been read. Times are milliseconds, sizes are bytes. */
export type Config = Read<typeof CONFIG>;
