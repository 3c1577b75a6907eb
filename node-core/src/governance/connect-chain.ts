/** A chain by its RPC address, for commands that need no node. */

import {
  type Chain,
  createPublicClient,
  defineChain,
  HttpRequestError,
  http,
  type PublicClient,
  TimeoutError,
} from 'viem'
import { AppError } from '../base/app-error.ts'

export type ConnectedChain = { readonly chain: Chain; readonly client: PublicClient; readonly rpcUrl: string }

/** A chain's first KZG opening takes a development node seconds. */
export const REQUEST_TIMEOUT_MS = 60_000

/** @throws AppError RPC_UNAVAILABLE */
export async function connectChain(rpcUrl: string): Promise<ConnectedChain> {
  const transport = http(rpcUrl, { timeout: REQUEST_TIMEOUT_MS, retryCount: 2 })
  const chainId = await asked(rpcUrl, createPublicClient({ transport }).getChainId())
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  return { chain, rpcUrl, client: createPublicClient({ chain, transport, cacheTime: 0, pollingInterval: 250 }) }
}

/**
 * Of the address only the host is told: keys stand before it, in the path and in the query.
 * @throws AppError RPC_UNAVAILABLE when the chain does not answer; anything else as it is.
 */
export async function asked<T>(rpcUrl: string, question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (cause) {
    if (isOffline(cause)) throw new AppError('RPC_UNAVAILABLE', { host: new URL(rpcUrl).host }, { cause })
    throw cause
  }
}

function isOffline(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof HttpRequestError || cause instanceof TimeoutError) return true
  return false
}
