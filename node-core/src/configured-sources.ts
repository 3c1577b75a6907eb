/** The servers that blocks come from, as the configuration or a command names them. */

import type { BlockSourceKind, BlockSourceOptions } from './blocks/block-source.ts'
import { namesLocalHost } from './blocks/local-host.ts'
import { urlsIn } from './config-urls.ts'

type Settings = { readonly ipfsApi: string; readonly ipfsGateways: string }

/** The node's own Kubo first: it is near. */
export const blockSourcesOf = ({ ipfsApi, ipfsGateways }: Settings): BlockSourceOptions[] => [
  ...sourcesAt('kubo', urlsIn(ipfsApi)),
  ...sourcesAt('gateway', urlsIn(ipfsGateways)),
]

/** A Kubo node's RPC is for its owner: its name may well lead into their own network. */
export const sourcesAt = (kind: BlockSourceKind, urls: readonly string[]): BlockSourceOptions[] =>
  urls.map(url => ({ kind, url, isLocalAllowed: kind === 'kubo' || namesLocalHost(url) }))
