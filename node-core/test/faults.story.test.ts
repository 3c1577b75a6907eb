/** A small part of the fault suite with fixed seeds; `npm run test:faults` is the whole of it. */

import { expect, test } from 'vitest'
import { killAtAnyTime } from '../faults/kill.ts'
import { createRandom } from '../faults/random.ts'
import { reorgAtAnyDepth } from '../faults/reorg.ts'
import { breakEndpoints } from '../faults/rpc.ts'
import type { Scenario } from '../faults/scenario.ts'
import { troubleTransactions } from '../faults/transactions.ts'

const SMALL: readonly (readonly [name: string, run: Scenario, seed: number, count: number])[] = [
  ['killed at random times', killAtAnyTime, 1, 2],
  ['through reorgs, one of them deeper than it keeps', reorgAtAnyDepth, 1, 2],
  ['behind endpoints that fail and lie', breakEndpoints, 1, 2],
  ['when its transactions are dropped and outbid', troubleTransactions, 1, 2],
]

test.concurrent.each(SMALL)(
  '%s the node meets what it can meet, once, and has what a fresh sync has',
  async (name, run, seed, count) => {
    const said: string[] = []
    const { failures } = await run({ random: createRandom(seed), count, say: line => void said.push(line) })
    expect(failures, `${name}, seed ${seed}\n${said.join('\n')}`).toEqual([])
  },
)
