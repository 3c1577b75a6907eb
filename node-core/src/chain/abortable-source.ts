/** Lets go of a chain source's answers the moment that nobody wants them any more. */

import type { ChainSource } from './chain-source.ts'

/** Every method rejects with the signal's reason once it aborts, without waiting for the endpoint. */
export function abortableSource(source: ChainSource, signal: AbortSignal): ChainSource {
  const orAbort = async <T>(answer: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted()
    const { promise, reject } = Promise.withResolvers<never>()
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await Promise.race([answer(), promise])
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }
  return {
    chainId: () => orAbort(() => source.chainId()),
    head: () => orAbort(() => source.head()),
    blockByHash: hash => orAbort(() => source.blockByHash(hash)),
    blockByNumber: number => orAbort(() => source.blockByNumber(number)),
    logsOfBlock: hash => orAbort(() => source.logsOfBlock(hash)),
    logsBetween: (from, to) => orAbort(() => source.logsBetween(from, to)),
    headerOf: hash => orAbort(() => source.headerOf(hash)),
    receiptOf: txHash => orAbort(() => source.receiptOf(txHash)),
  }
}
