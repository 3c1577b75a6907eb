/** Mean seconds a block as seen by this window; null until two blocks have been seen. */

import { createContext, useContext, useEffect, useState } from 'react'
import { addHead, type HeadSample, secondsPerBlock } from './block-pace.ts'
import { useOverview } from './use-overview.ts'

export const BlockPaceContext = createContext<number | null>(null)

export function useBlockPace(): number | null {
  return useContext(BlockPaceContext)
}

/** For the one component that provides the context. */
export function useMeasuredBlockPace(): number | null {
  const head = useOverview().data?.head
  const [samples, setSamples] = useState<readonly HeadSample[]>([])
  const { number, at } = head ?? { number: null, at: null }
  useEffect(() => {
    if (number === null) return
    setSamples(known => addHead(known, { number, atMs: Date.parse(at) }))
  }, [number, at])
  return secondsPerBlock(samples)
}
