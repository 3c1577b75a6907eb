/** A process of its own that imports made-up bytes, for tests that kill it or measure its memory: `DIRECTORY MEBIBYTES`. */

import { createCipheriv } from 'node:crypto'
import { openBlockNode } from './helia-node.ts'
import { importFile } from './import-file.ts'

const [directory = '', mebibytes = '0'] = process.argv.slice(2)
const PIECE_BYTES = 64 * 1024

async function* pieces(): AsyncGenerator<Uint8Array> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16))
  const zeros = Buffer.alloc(PIECE_BYTES)
  for (let sent = 0; sent < Number(mebibytes) * 1024 * 1024; sent += PIECE_BYTES) yield cipher.update(zeros)
}

function peakMemoryBytes(): number {
  return process.resourceUsage().maxRSS * 1024
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

await using node = await openBlockNode({ directory, listen: [], offline: true })
const idle = peakMemoryBytes()
const { cid } = await importFile(node, pieces(), {
  onProgress: ({ bytes }) => {
    if (bytes % (1024 * 1024) === 0) say({ bytes })
  },
})
say({ cid, extraBytes: peakMemoryBytes() - idle })
