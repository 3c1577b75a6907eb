/** A process of its own that gives made-up bytes from one node to another as a CAR file, for tests that kill it or measure it: `FROM TO MEBIBYTES`. */

import { createCipheriv } from 'node:crypto'
import { exportCar } from './export-car.ts'
import { openBlockNode } from './helia-node.ts'
import { importCar } from './import-car.ts'
import { importFile } from './import-file.ts'

const [from = '', to = '', mebibytes = '0'] = process.argv.slice(2)
const MIB = 1024 * 1024

async function* pieces(): AsyncGenerator<Uint8Array> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16))
  const zeros = Buffer.alloc(MIB)
  for (let sent = 0; sent < Number(mebibytes); sent += 1) yield cipher.update(zeros)
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

await using source = await openBlockNode({ directory: from, listen: [], offline: true })
await using target = await openBlockNode({ directory: to, listen: [], offline: true })
const { cid } = await importFile(source, pieces())
const before = process.resourceUsage().maxRSS
const imported = await importCar(target, exportCar(source, cid), {
  maxBytes: 2 * Number(mebibytes) * MIB,
  onProgress: ({ bytes }) => say({ bytes }),
})
say({ cid, ...imported, extraBytes: (process.resourceUsage().maxRSS - before) * 1024 })
