/** Where the contracts of a deployment stand, as `contracts deploy` prints it and writes it into a file. */

import { z } from 'zod'

/** @param address of each address, and @param block of a block's number: as text, or as what is made of it. */
export const deploymentShape = <A extends z.ZodType, B extends z.ZodType>(address: A, block: B) =>
  z.object({
    chainId: z.int().positive(),
    startBlock: block,
    secondsPerBlock: z.number().positive(),
    deployer: address,
    multisig: address,
    timelock: address,
    accessManager: address,
    postRegistry: address,
    attestationRelay: address,
    quorum: address,
    seedBeacon: address,
    custodyChallenges: address,
    operatorStake: address,
    libraries: z.record(z.string(), address),
  })
