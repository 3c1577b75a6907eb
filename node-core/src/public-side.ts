/** What a node serves to everybody: its public door, where it has anything to serve there. */

import { openPublicDoor, type PublicDoor } from './api/public-door.ts'
import { AppError } from './base/app-error.ts'
import type { Config } from './config.ts'
import type { LocalNetwork } from './local-network.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'

/**
 * @returns undefined when this node has nothing to serve there.
 * @throws AppError PORT_IN_USE for a port that was asked for: others know the node by it.
 */
export async function openPublicSide(
  { publicPort, publicProxy, sources }: Config,
  network: () => LocalNetwork | undefined,
  told: { readonly log: Log; readonly metrics: Metrics },
): Promise<PublicDoor | undefined> {
  if (network()?.main.relay === undefined) return undefined
  const relay = () => {
    const current = network()
    if (current === undefined) throw new AppError('NODE_STOPPING')
    return current.main.relay
  }
  const port = sources.publicPort === 'default' ? { preferred: publicPort } : publicPort
  const door = await openPublicDoor({ relay, port, isBehindProxy: publicProxy === 'yes', ...told })
  if (publicPort !== 0 && door.port !== publicPort)
    told.log.warn('public_port_taken', { asked: publicPort, port: door.port })
  return door
}
