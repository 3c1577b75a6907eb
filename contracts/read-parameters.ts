// Reads every parameter of the protocol from a chain, as the next epoch to start will have it.
import type { Address, PublicClient } from 'viem'
import {
  attestationRelayAbi,
  custodyChallengesAbi,
  eip712QuorumAbi,
  operatorStakeAbi,
  postRegistryAbi,
  seedBeaconAbi,
  timelockAbi,
} from './abi.generated.ts'
import type { Deployment } from './deployments.ts'
import type { CustodyParameters, EpochSchedule } from './parameters.ts'

export type ProtocolParameters = {
  readonly epochs: EpochSchedule
  readonly parameters: CustodyParameters
  readonly treasury: Address
  readonly delaySeconds: bigint
  /** What the contract says of unbonding: that stake can be slashed for as long as it has to be. */
  readonly isStakeSafe: boolean
}

/** Later than any epoch: parameters that wait count as those that hold. */
const LAST_EPOCH = 2 ** 32 - 1

/** @throws as viem when the chain or a contract does not answer. */
export async function readParameters(client: PublicClient, at: Deployment): Promise<ProtocolParameters> {
  const custody = { address: at.custodyChallenges, abi: custodyChallengesAbi } as const
  const stake = { address: at.operatorStake, abi: operatorStakeAbi } as const
  const relay = { address: at.attestationRelay, abi: attestationRelayAbi } as const
  // As governance may have changed them since the deployment.
  const [beaconAddress, quorumAddress] = await Promise.all([
    client.readContract({ ...custody, functionName: 'beacon' }),
    client.readContract({ ...relay, functionName: 'quorum' }),
  ])
  const [epochs, ofCustody, ofStake, isStakeSafe, ofRegistry, quorumBps, relayGrace, maxStakeAge, delaySeconds] =
    await Promise.all([
      readEpochs(client, beaconAddress),
      client.readContract({ ...custody, functionName: 'parameters' }),
      client.readContract({ ...stake, functionName: 'stakeParametersAt', args: [LAST_EPOCH] }),
      client.readContract({ ...stake, functionName: 'isParameterSetSafe' }),
      client.readContract({ address: at.postRegistry, abi: postRegistryAbi, functionName: 'registryParameters' }),
      client.readContract({ ...relay, functionName: 'quorumBps' }),
      client.readContract({ ...relay, functionName: 'relayGrace' }),
      client.readContract({ address: quorumAddress, abi: eip712QuorumAbi, functionName: 'maxStakeAge' }),
      client.readContract({ address: at.timelock, abi: timelockAbi, functionName: 'getMinDelay' }),
    ])
  const { treasury, ...stakeParameters } = ofStake
  return {
    epochs,
    parameters: {
      ...ofCustody,
      ...stakeParameters,
      ...ofRegistry,
      quorumBps,
      relayGrace,
      maxStakeAge: Number(maxStakeAge),
    },
    treasury,
    delaySeconds,
    isStakeSafe,
  }
}

async function readEpochs(client: PublicClient, address: Address): Promise<EpochSchedule> {
  const beacon = { address, abi: seedBeaconAbi } as const
  const [b0, length, delta, finality, finalizeBy] = await Promise.all([
    client.readContract({ ...beacon, functionName: 'firstBlock' }),
    client.readContract({ ...beacon, functionName: 'epochLength' }),
    client.readContract({ ...beacon, functionName: 'delta' }),
    client.readContract({ ...beacon, functionName: 'finality' }),
    client.readContract({ ...beacon, functionName: 'finalizeBy' }),
  ])
  return { b0, length, delta, finality, finalizeBy }
}
