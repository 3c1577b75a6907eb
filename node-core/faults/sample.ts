/** What the node's process needs, as it says itself at `/metrics`. */

import { z } from 'zod'
import { systemClock } from '../src/base/clock.ts'
import type { Network } from './network.ts'

/** `cpuSeconds` since the process began. */
export type Sample = { readonly residentMib: number; readonly cpuSeconds: number; readonly atMs: number }

const MIB = 1_048_576

export async function readSample({ node }: Pick<Network, 'node'>): Promise<Sample> {
  const text = await (await fetch(`${node().url}/metrics`)).text()
  const value = (name: string): number =>
    z.coerce
      .number()
      .positive()
      .parse(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    residentMib: Math.round(value('process_resident_memory_bytes') / MIB),
    cpuSeconds: value('process_cpu_seconds_total'),
    atMs: systemClock.elapsedMs(),
  }
}
