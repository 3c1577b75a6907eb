import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { addressOf } from '../domain/events.fixture.ts'
import {
  deploymentJson,
  journalJson,
  journalPath,
  readDeployment,
  readJournal,
  writeNewFile,
} from './deployment-file.ts'

const directory = mkdtempSync(join(tmpdir(), 'emerald-deployment-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
let files = 0
const newPath = (): string => {
  files += 1
  return join(directory, `${files}.json`)
}
const fileWith = (content: string): string => {
  const path = newPath()
  writeFileSync(path, content)
  return path
}

const deployment = {
  chainId: 1,
  startBlock: 2n ** 60n,
  secondsPerBlock: 12,
  deployer: addressOf(1),
  multisig: addressOf(2),
  timelock: addressOf(3),
  accessManager: addressOf(4),
  postRegistry: addressOf(5),
  attestationRelay: addressOf(6),
  quorum: addressOf(7),
  seedBeacon: addressOf(8),
  custodyChallenges: addressOf(9),
  operatorStake: addressOf(10),
  libraries: { some: addressOf(11) },
}

test('what is written is read again', async () => {
  const path = newPath()
  await writeNewFile(path, deploymentJson(deployment))
  const read = await readDeployment(path)
  expect(JSON.parse(JSON.stringify(deploymentJson(read)).toLowerCase())).toEqual(
    JSON.parse(JSON.stringify(deploymentJson(deployment)).toLowerCase()),
  )
  expect(read.startBlock).toBe(2n ** 60n)
})

test('a file that is there is not written over', async () => {
  const path = fileWith('mine')
  await expect(writeNewFile(path, {})).rejects.toMatchObject({ code: 'FILE_EXISTS' })
  expect(readFileSync(path, 'utf8')).toBe('mine')
})

test('a file in a folder that is not there cannot be written', async () => {
  const path = join(newPath(), 'deployment.json')
  await expect(writeNewFile(path, {})).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE', data: { path } })
})

test.each([
  ['not JSON', '{'],
  ['a list', '[]'],
  ['a field missing', JSON.stringify({ ...deploymentJson(deployment), timelock: undefined })],
  ['no address', JSON.stringify({ ...deploymentJson(deployment), timelock: '0x12' })],
  ['a number for a block', JSON.stringify({ ...deploymentJson(deployment), startBlock: 1 })],
])('%s is MALFORMED_DEPLOYMENT', async (_, text) => {
  await expect(readDeployment(fileWith(text))).rejects.toMatchObject({ code: 'MALFORMED_DEPLOYMENT' })
})

test('the journal of a deployment lies beside its file', async () => {
  const path = newPath()
  const journal = {
    chainId: 1,
    deployer: deployment.deployer,
    firstNonce: 3,
    startBlock: 4n,
    b0: 5n,
    digest: `0x${'ab'.repeat(32)}`,
  } as const
  expect(await readJournal(path)).toBeUndefined()
  await writeNewFile(journalPath(path), journalJson(journal))
  expect(await readJournal(path)).toMatchObject({ firstNonce: 3, startBlock: 4n, b0: 5n, digest: journal.digest })
  const broken = fileWith('')
  writeFileSync(journalPath(broken), '{}')
  await expect(readJournal(broken)).rejects.toMatchObject({ code: 'MALFORMED_DEPLOYMENT' })
})
