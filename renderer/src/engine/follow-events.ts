/** Reads the node's event stream for as long as the app lives and passes each event on. */

import type { NodeEvent } from '@emerald/node-core/contract/shapes.ts'

export type EventSource = {
  /** Changes when the node restarts, and its sequence numbers with it. */
  readonly startedAt: (signal: AbortSignal) => Promise<string>
  readonly events: (afterSeq: number | undefined, signal: AbortSignal) => Promise<AsyncIterable<NodeEvent>>
}

export type EventReader = {
  /** A stream was opened, or events are missing from it: anything may have changed unseen. */
  readonly onGap: () => void
  readonly onEvent: (event: NodeEvent) => void
  /** Settles when it is worth trying again. */
  readonly pause: (failures: number, signal: AbortSignal) => Promise<void>
}

/** Returns when `signal` aborts; a stream that ends or fails is opened again after the last event seen. */
export async function followEvents(source: EventSource, reader: EventReader, signal: AbortSignal): Promise<void> {
  let run: string | undefined
  let lastSeq: number | undefined
  let failures = 0
  while (!signal.aborted) {
    try {
      const startedAt = await source.startedAt(signal)
      if (startedAt !== run) lastSeq = undefined
      run = startedAt
      const stream = await source.events(lastSeq, signal)
      reader.onGap()
      for await (const event of stream) {
        failures = 0
        if (lastSeq !== undefined && event.seq !== lastSeq + 1) reader.onGap()
        lastSeq = event.seq
        reader.onEvent(event)
      }
    } catch {
      // The connection shows its own state; here only the pause grows.
    }
    failures += 1
    if (!signal.aborted) await reader.pause(failures, signal)
  }
}
