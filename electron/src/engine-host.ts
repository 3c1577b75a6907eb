/** What the shell needs of the engine: something to open, to connect ports to, and to dispose of. */

/** The part of Electron's `MessagePortMain` that the engine uses. */
export interface MessagePortLike {
  postMessage(message: unknown): void
  on(event: string, listener: (event?: { data: unknown }) => void): unknown
  start(): void
  close(): void
}

export interface EngineHost extends AsyncDisposable {
  /** Window title: names the network, so that two nodes side by side cannot be confused. */
  readonly title: string

  /** Starts `port` and serves the operator contract on it until it closes. */
  upgradeMessagePort(port: MessagePortLike): void
}

/** @param signal aborted when the operator quits while the engine still opens */
export type OpenHost = (signal: AbortSignal) => Promise<EngineHost>
