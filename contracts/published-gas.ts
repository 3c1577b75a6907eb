// What other systems publish about their gas, each with its public source and what keeps it from being compared with ours.

/** Gas by snapshot and name of the call. */
export type Figures = Readonly<Record<string, Readonly<Record<string, string>>>>

export type PublishedGas = {
  readonly system: string
  readonly call: string
  readonly gas: string
  readonly source: string
  /** Snapshots and names of our nearest calls; none where there is nothing near. */
  readonly ours: readonly (readonly [string, string])[]
  readonly difference: string
}

const oneBlob = ['protocol', 'prove, one blob'] as const
const fourBlobs = ['protocol', 'proveFolded, 4 of 256 blobs'] as const

export const publishedGas: readonly PublishedGas[] = [
  {
    system: 'Ethereum',
    call: 'point evaluation precompile',
    gas: '50,000',
    source: 'EIP-4844',
    ours: [['library', 'prove, one blob']],
    difference: 'the opening alone; it is part of each of our proofs, as are the 21,000 of the transaction',
  },
  {
    system: 'EthStorage',
    call: 'mine, 2 samples',
    gas: '350,000 to 400,000, computed',
    source: 'ethstorage/storage-contracts-v1, its code',
    ours: [oneBlob, fourBlobs],
    difference:
      'opens two elements of 32 bytes, not whole blobs, but also proves an encoding by the miner (Groth16), and reads the header in the same call',
  },
  {
    system: 'Codex (Logos Storage)',
    call: 'Groth16 proof of a slot',
    gas: '199,450 in precompiles alone, computed',
    source: 'codex-storage/codex-contracts-eth, `Groth16Verifier.sol`',
    ours: [oneBlob, fourBlobs],
    difference: 'cells sampled from a Merkle tree; calldata, storage and the 21,000 of the transaction come on top',
  },
  {
    system: 'Filecoin PDP',
    call: '`provePossession`; `nextProvingPeriod`; `addPieces`',
    gas: '99.5M to 177M; 54M to 57M; 44M to 98M, all FVM gas',
    source: 'FilOzone/pdp, `docs/gas-benchmarks`',
    ours: [],
    difference: 'not comparable: gas of the Filecoin VM is another unit at another price; five Merkle leaves a period',
  },
  {
    system: 'Optimism',
    call: 'resolving a data availability challenge',
    gas: '72,925 + 16.64 a byte',
    source: 'ethereum-optimism/optimism, constants of `DataAvailabilityChallenge.sol`',
    ours: [oneBlob],
    difference: 'puts the data itself on the chain: by the same constants a blob of 126,945 bytes would be 2.2M',
  },
  {
    system: 'EigenDA',
    call: '`checkDACert`',
    gas: '3,532,040 on mainnet at worst, 593,619 on Sepolia',
    source: 'Layr-Labs/eigenda, pull request 1925',
    ours: [['protocol', 'submit, 20 operators']],
    difference: 'a quorum signed that it holds the data, which is our attestation; no proof of the data follows',
  },
  {
    system: 'Symbiotic Relay',
    call: '`verifyQuorumSigAt`; `verifyProof` of the ZK variant',
    gas: '217,091 to 243,542; 309,915',
    source: 'symbioticfi/relay-contracts, `snapshots/gas.txt`',
    ours: [['symbiotic', 'verify, 4 validators']],
    difference: 'ours makes such a call, to a Settlement rebuilt for tests, and also finds out who signed',
  },
]

/** @throws Error when nothing of that name was measured. */
export function figureOf(figures: Figures, group: string, name: string): number {
  const gas = figures[group]?.[name]
  if (gas === undefined) throw new Error(`no figure for ${group}: ${name}`)
  return Number(gas)
}

export const grouped = (gas: number): string => String(gas).replace(/\B(?=(?:\d{3})+$)/g, ',')
