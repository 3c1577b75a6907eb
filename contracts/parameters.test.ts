// The table of parameters is complete, the document shows it, and every profile keeps the protocol's promises.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { B0, type Chain, optionsOf, startChain, treasury } from './chain.fixture.ts'
import { checkParameters } from './check-parameters.ts'
import { deployContracts } from './deploy.ts'
import { parameterTable } from './parameter-table.ts'
import { deploymentProfiles } from './profiles.ts'
import { readParameters } from './read-parameters.ts'
import { protocolDocument, withParameterTable } from './render-parameters.ts'

let chain: Chain
beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain[Symbol.asyncDispose]())

test('every parameter has a row', () => {
  const { epochs, parameters } = deploymentProfiles.demo
  const letters: Record<string, string> = { length: 'L', delta: 'Δ' }
  const fields = [...Object.keys(epochs), ...Object.keys(parameters)].map(field => letters[field] ?? field)
  expect(parameterTable.map(row => row.name).sort()).toEqual([...fields, 'delay of the timelock'].sort())
})

test('the table in the document is the one that the code has', () => {
  const document = readFileSync(protocolDocument, 'utf8')
  expect(withParameterTable(document)).toBe(document)
})

test.each(Object.entries(deploymentProfiles))('the profile %s keeps what the protocol promises', (_, profile) => {
  expect(checkParameters(profile, profile.secondsPerBlock).filter(check => !check.ok)).toEqual([])
})

test('a parameter set that breaks a promise is named', () => {
  const { epochs, parameters, delaySeconds } = deploymentProfiles.public
  const failing = (changed: object, delay: bigint = delaySeconds): string[] =>
    checkParameters({ epochs, parameters: { ...parameters, ...changed }, delaySeconds: delay }, 12)
      .filter(check => !check.ok)
      .map(check => check.name)
  expect(failing({ window: parameters.window + 969 })).toEqual(['an epoch is over before the next begins'])
  expect(failing({ window: parameters.window + 968 })).toEqual([])
  expect(failing({ reportWindow: 1 })).toEqual(['no pause prevents all reports'])
  expect(failing({ reportWindow: 2 })).toEqual([])
  expect(failing({ slasherDelay: 64_801 })).toEqual(['stake stays until it can no longer be slashed'])
  expect(failing({ slasherDelay: 64_800 })).toEqual([])
  expect(failing({}, 1_400_000n)).toEqual(['who disagrees can leave before governance acts'])
})

test('what is read from a chain is what was deployed there', async () => {
  const deployment = await deployContracts({ ...chain, ...optionsOf('public') })
  const { epochs, parameters, delaySeconds } = deploymentProfiles.public
  expect(await readParameters(chain.publicClient, deployment)).toEqual({
    epochs: { ...epochs, b0: B0 },
    parameters,
    treasury,
    delaySeconds,
    isStakeSafe: true,
  })
})
