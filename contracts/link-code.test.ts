// A contract that links a library runs on a real chain, and its code and the library's are recognised there.
import { type Hex, parseAbi } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Artifact, immutablesOf, linksOf, objectOf } from './artifact.ts'
import { type Chain, startChain } from './chain.fixture.ts'
import { compileSolidity } from './compile-solidity.ts'
import { linkCode } from './link-code.ts'
import { isSameCode, libraryGuardOf } from './verify-code.ts'

const SOURCE = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;
library Doubling { function twice(uint256 x) external pure returns (uint256) { return 2 * x; } }
contract Caller {
  uint256 public immutable offset;
  constructor(uint256 offset_) { offset = offset_; }
  function run(uint256 x) external view returns (uint256) { return Doubling.twice(x) + Doubling.twice(offset); }
}`

let chain: Chain
beforeAll(async () => {
  chain = await startChain()
})
afterAll(() => chain[Symbol.asyncDispose]())

test.each([false, true])('with the optimizer of the intermediate representation: %s', async viaIR => {
  const library = compile('Doubling', viaIR)
  const caller = compile('Caller', viaIR)
  const doubling = await create(`0x${library.bytecode.object}`)
  const linked = linkCode(`0x${objectOf(caller.bytecode)}`, Object.fromEntries(linksOf(caller.bytecode)), {
    Doubling: doubling,
  })
  const address = await create(`${linked}${'5'.padStart(64, '0')}`)
  const abi = parseAbi(['function run(uint256) view returns (uint256)'])
  expect(await chain.publicClient.readContract({ address, abi, functionName: 'run', args: [4n] })).toBe(18n)

  const runtime = linkCode(
    `0x${objectOf(caller.deployedBytecode)}`,
    Object.fromEntries(linksOf(caller.deployedBytecode)),
    { Doubling: doubling },
  )
  const code = await chain.publicClient.getCode({ address })
  const masks = immutablesOf(caller.deployedBytecode)
  expect(masks.length).toBeGreaterThan(0)
  expect(isSameCode(code, runtime, masks)).toBe(true)
  expect(isSameCode(code, runtime, [])).toBe(false)
  const libraryRuntime: Hex = `0x${objectOf(library.deployedBytecode)}`
  const libraryMasks = [...immutablesOf(library.deployedBytecode), ...libraryGuardOf(libraryRuntime)]
  expect(isSameCode(await chain.publicClient.getCode({ address: doubling }), libraryRuntime, libraryMasks)).toBe(true)
})

test('a library without an address, and a link behind the code, are refused', () => {
  expect(() => linkCode('0x00', { a: [0] }, {})).toThrow('library a has no address')
  expect(() => linkCode('0x00', { a: [0] }, { a: `0x${'11'.repeat(20)}` })).toThrow('lies behind the code')
})

function compile(contract: string, viaIR: boolean): Artifact {
  const output = compileSolidity(
    { 'Source.sol': SOURCE },
    {
      viaIR,
      optimizer: { enabled: true },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode', 'evm.deployedBytecode'] } },
    },
  ) as { contracts: Record<string, Record<string, { abi: Artifact['abi']; evm: Omit<Artifact, 'abi'> }>> } // its documented form
  const found = output.contracts['Source.sol']?.[contract]
  if (found === undefined) throw new Error(`no ${contract}`)
  return { abi: found.abi, ...found.evm }
}

async function create(data: string): Promise<Hex> {
  const hash = await chain.walletClient.sendTransaction({ data: data as Hex })
  const { contractAddress } = await chain.publicClient.waitForTransactionReceipt({ hash })
  if (!contractAddress) throw new Error('no contract was made')
  return contractAddress
}
