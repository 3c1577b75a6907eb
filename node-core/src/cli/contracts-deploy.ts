/** `contracts deploy`: who governs what, with which parameters; and what it says while it does it. */

import type { DeploymentPlan } from '@emerald/contracts/plan-deployment.ts'
import { type Address, formatEther } from 'viem'
import type { Cost } from '../governance/deploy-protocol.ts'
import { createProgressBar, printJson, printLine, printTable } from './output.ts'

export type DeployFlags = {
  readonly rpc: string
  readonly keyFile: string
  readonly profile: 'demo' | 'anvil' | 'public'
  readonly out?: string
  readonly safe?: Address
  readonly guardian?: Address
  readonly relay: readonly Address[]
  readonly treasury?: Address
  readonly delay?: number
  readonly lead: number
  readonly dryRun?: boolean
  readonly json?: boolean
}

export async function deploy(flags: DeployFlags): Promise<void> {
  const { connectChain } = await import('../governance/connect-chain.ts')
  const { deployProtocol } = await import('../governance/deploy-protocol.ts')
  const { describeRevert } = await import('../chain/describe-revert.ts')
  const { readKeyFile } = await import('../keys/key-file.ts')
  const { account, isOpenToOthers } = await readKeyFile(flags.keyFile)
  if (isOpenToOthers) process.stderr.write(`Others than you can read ${flags.keyFile}; chmod 600 keeps them out.\n`)
  const connected = await connectChain(flags.rpc)
  const options = await optionsOf(flags, connected.chain.id)
  const bar = createProgressBar(flags.json === true)
  try {
    const { plan, cost } = await deployProtocol(connected, {
      options,
      leadBlocks: BigInt(flags.lead),
      account,
      out: flags.out,
      describeRevert,
      isDryRun: flags.dryRun === true,
      onPlan: ({ steps }, isResumed) => {
        if (flags.json) return
        printLine(isResumed ? 'A deployment is under way; the rest of it follows:' : 'To be deployed, in this order:')
        printTable(steps.map(({ part, address }) => ['', address, part]))
      },
      onStep: (part, done, of) => bar.show(part, done / of),
    })
    bar.end()
    const { deploymentJson } = await import('../governance/deployment-file.ts')
    const result = {
      ok: true,
      isDryRun: flags.dryRun === true,
      deployment: deploymentJson(plan.deployment),
      steps: plan.steps.map(({ part, address }) => ({ part, address })),
      digest: plan.digest,
      leastCostWei: cost.leastWei,
      balanceWei: cost.balanceWei,
      file: flags.dryRun ? null : (flags.out ?? null),
    }
    if (flags.json) printJson(result)
    else for (const line of flags.dryRun ? dryRunLines(plan, cost) : doneLines(flags)) printLine(line)
  } finally {
    bar.end()
  }
}

function dryRunLines({ deployment }: DeploymentPlan, { leastWei, balanceWei }: Cost): string[] {
  return [
    `At the price of gas of now this takes ${formatEther(leastWei)} ETH or somewhat more.`,
    `The account ${deployment.deployer} has ${formatEther(balanceWei)} ETH.`,
    'Nothing was sent.',
  ]
}

const doneLines = ({ out }: DeployFlags): string[] => [
  'Deployed, and compared with this build: no difference.',
  ...(out === undefined
    ? ['No file was written: --out FILE would have kept the addresses.']
    : [`Where it stands: ${out}`]),
]

async function optionsOf(flags: DeployFlags, chainId: number) {
  const { chooseOptions } = await import('../governance/choose-options.ts')
  const { actors } = await import('../devnet/actors.ts')
  const [first, second, third] = actors.multisigOwners()
  return chooseOptions(
    chainId,
    {
      profile: flags.profile,
      safe: flags.safe,
      guardian: flags.guardian,
      treasury: flags.treasury,
      relays: flags.relay,
      delaySeconds: flags.delay === undefined ? undefined : BigInt(flags.delay),
      out: flags.out,
    },
    {
      owners: [first.address, second.address, third.address],
      guardian: actors.guardian().address,
      treasury: actors.treasury().address,
      relay: actors.relay().address,
    },
  )
}
