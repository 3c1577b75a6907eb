/** The doctor: looks at what the node stands on, and says of each fault how to mend it. */

import type { Config } from '../config.ts'
import { rpcUrlsOf } from '../config-urls.ts'
import type { DoctorCheck } from '../contract/shapes.ts'
import type { Engine } from '../engine.ts'
import {
  checkChain,
  checkClock,
  checkContracts,
  checkDatabase,
  checkDataDirectory,
  checkDiskSpace,
  checkNodeVersion,
  checkOperators,
  checkPort,
  checkProver,
} from './checks.ts'

/** @param engine the running one; without it only what can be looked at from outside is checked. */
export async function runDoctor(config: Config, engine: Engine | undefined): Promise<DoctorCheck[]> {
  const outside = [
    checkNodeVersion(process.versions.node),
    checkDataDirectory(config.dataDirectory),
    await checkDiskSpace(config.dataDirectory),
    await checkProver(),
  ]
  if (engine === undefined)
    return [
      ...outside,
      checkDatabase(config.dataDirectory),
      await checkPort(config.port),
      ...(await Promise.all(rpcUrlsOf(config).map(checkChain))),
    ]
  const head = engine.follower.head()
  return [
    ...outside,
    ...(await Promise.all(engine.options.rpcUrls.map(checkChain))),
    checkClock(head?.timestamp, Date.now()),
    await checkContracts(engine.options.deployment.custodyChallenges, address => engine.client.getCode({ address })),
    checkOperators(engine.operators.list().length),
  ]
}
