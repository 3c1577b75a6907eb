/** What a deployment is made with: the profile's parameters, and who governs. */

import type { ProtocolOptions } from '@emerald/contracts/creation-code.ts'
import { LOCAL_CHAIN_IDS } from '@emerald/contracts/governance.ts'
import { type DeploymentProfileName, deploymentProfiles } from '@emerald/contracts/profiles.ts'
import type { Address } from 'viem'
import { AppError } from '../base/app-error.ts'

/** Whoever is undefined is, on a local chain, one of the accounts that everybody has the keys of. */
export type Choices = {
  readonly profile: DeploymentProfileName
  readonly safe: Address | undefined
  readonly guardian: Address | undefined
  readonly treasury: Address | undefined
  readonly relays: readonly Address[]
  readonly delaySeconds: bigint | undefined
  readonly out: string | undefined
}

export type PublishedAccounts = {
  readonly owners: readonly [Address, Address, Address]
  readonly guardian: Address
  readonly treasury: Address
  readonly relay: Address
}

export type ChosenOptions = Omit<ProtocolOptions, 'epochs'> & { readonly epochs: Omit<ProtocolOptions['epochs'], 'b0'> }

/** @throws AppError MULTISIG_REQUIRED · USAGE */
export function chooseOptions(chainId: number, choices: Choices, published: PublishedAccounts): ChosenOptions {
  const isLocal = LOCAL_CHAIN_IDS.includes(chainId)
  if (!isLocal) requireNamed(chainId, choices)
  const { parameters, epochs, delaySeconds, secondsPerBlock } = deploymentProfiles[choices.profile]
  return {
    parameters,
    epochs,
    governance: {
      multisig: choices.safe ?? published.owners,
      guardian: choices.guardian ?? published.guardian,
      delaySeconds: choices.delaySeconds ?? delaySeconds,
      secondsPerBlock,
    },
    relays: isLocal && choices.relays.length === 0 ? [published.relay] : choices.relays,
    treasury: choices.treasury ?? published.treasury,
  }
}

function requireNamed(chainId: number, choices: Choices): void {
  if (choices.safe === undefined) throw new AppError('MULTISIG_REQUIRED', { chainId, option: '--safe' })
  for (const option of ['guardian', 'treasury', 'out'] as const)
    if (choices[option] === undefined)
      throw new AppError('USAGE', { reason: `chain ${chainId} is not local, so --${option} is needed` })
  if (choices.profile !== 'public')
    throw new AppError('USAGE', { reason: `chain ${chainId} is not local, so it takes --profile public` })
}
