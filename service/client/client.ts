/** A client of the service. */
export interface ClientOptions {
  /** The address of the service, as `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly token: string;
}
