/** A relay in a process of its own, for a test that kills it: `DATABASE OPERATORS`. It says where its door is. */

import { openPublicDoor } from '../api/public-door.ts'
import { openStore } from '../store/store.ts'
import { nullLog } from '../telemetry/log.ts'
import { nullMetrics } from '../telemetry/metrics.ts'
import { createAttestationRelay } from './collect-attestations.ts'
import { putPost, RELAY_DOMAIN, RELAY_PROTOCOL } from './relay.fixture.ts'

const [database = '', operators = '0'] = process.argv.slice(2)
const store = openStore(database)
putPost(store, Number(operators))
const relay = createAttestationRelay(
  { domain: RELAY_DOMAIN, protocol: RELAY_PROTOCOL },
  {
    store,
    sender: { send: () => Promise.reject(new Error('not part of this test')) },
    metrics: nullMetrics,
    onFailure: (_, error) => {
      throw error
    },
  },
)
const door = await openPublicDoor({
  relay: () => relay,
  port: 0,
  isBehindProxy: false,
  log: nullLog,
  metrics: nullMetrics,
})
process.stdout.write(`${door.url}\n`)
