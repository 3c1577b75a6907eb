/** Asking peers for one block: when to ask again, and when to stop. */

import type { PeerId } from '@libp2p/interface'
import { CID } from 'multiformats/cid'
import { describe, expect, it, vi } from 'vitest'
import { fetchBlockFromPeers, type PeerFetchDeps } from './fetch-block.ts'

const cid = CID.parse('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
const OPTIONS = { signal: new AbortController().signal, timeoutMs: 60_000, hadBefore: false }

/** Peers that never send a block and count the messages they get. */
function createDeps({ connected }: { readonly connected: number }) {
  let peers = connected
  let sent = 0
  let wanted = 0
  const peer = {} as PeerId // only handed through
  const stream = { send: () => true, close: async () => undefined }
  const deps = {
    libp2p: {
      getPeers: () => Array.from({ length: peers }, () => peer),
      dialProtocol: async () => {
        sent += 1
        return stream
      },
    },
    want: (_cid: CID, signal: AbortSignal) => {
      wanted += 1
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    },
  } as unknown as PeerFetchDeps // the few members of libp2p that are used
  const leave = () => {
    peers = 0
  }
  return { deps, sent: () => sent, wanted: () => wanted, leave }
}

async function withFakeTimers(run: () => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    await run()
  } finally {
    vi.useRealTimers()
  }
}

describe('a block from peers', () => {
  it('is not even asked for when nobody is connected', async () => {
    const { deps, wanted } = createDeps({ connected: 0 })
    await expect(fetchBlockFromPeers(deps, cid, OPTIONS)).rejects.toMatchObject({ code: 'IPFS_FETCH_FAILED' })
    expect(wanted()).toBe(0)
  })

  it('is asked for again after 1, 3, 7 and 15 seconds', () =>
    withFakeTimers(async () => {
      const { deps, sent, leave } = createDeps({ connected: 1 })
      const failed = expect(fetchBlockFromPeers(deps, cid, OPTIONS)).rejects.toThrow()
      const counts: number[] = []
      for (const seconds of [0, 1, 2, 4, 8]) {
        vi.advanceTimersByTime(seconds * 1_000)
        counts.push(sent())
      }
      leave()
      vi.advanceTimersByTime(1_000)
      await failed
      expect(counts).toEqual([0, 1, 2, 3, 4])
    }))

  it('is asked for twice at once when it was here before', () =>
    withFakeTimers(async () => {
      const { deps, sent, leave } = createDeps({ connected: 2 })
      const failed = expect(fetchBlockFromPeers(deps, cid, { ...OPTIONS, hadBefore: true })).rejects.toThrow()
      expect(sent()).toBe(2)
      leave()
      vi.advanceTimersByTime(1_000)
      await failed
    }))

  it('is withdrawn when it did not come in time', async () => {
    const { deps, sent } = createDeps({ connected: 1 })
    const fetching = fetchBlockFromPeers(deps, cid, { ...OPTIONS, timeoutMs: 20 })
    await expect(fetching).rejects.toMatchObject({ code: 'IPFS_TIMEOUT', data: { blockCid: cid.toString() } })
    expect(sent()).toBe(1)
  })
})
