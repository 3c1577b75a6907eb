/** The CID that a file would have here, without storing any of it. */

import { importByteStream } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'
import { importerOptions } from './import-file.ts'

/** @throws what the source throws. */
export async function cidOfFile(source: AsyncIterable<Uint8Array>): Promise<string> {
  const { cid } = await importByteStream(source, { put: async (key: CID) => key }, importerOptions())
  return cid.toString()
}
