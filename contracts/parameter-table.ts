// Every parameter with its unit, its bounds, who sets it and the event that tells of a change; docs/protocol.md shows the same.
import type { CustodyParameters, EpochLengths } from './parameters.ts'

/** What a row takes its value from. */
export type ParameterValues = {
  readonly epochs: EpochLengths
  readonly parameters: CustodyParameters
  readonly delaySeconds: bigint
}

export type ParameterRow = {
  readonly name: string
  readonly unit: string
  readonly minimum: string
  readonly maximum: string
  readonly setter: string
  /** Empty for what never changes. */
  readonly event: string
  readonly readFrom: (values: ParameterValues) => string
}

const FIXED = 'fixed at deployment'
const BPS = '1/10,000'
const FITS = 'what fits the epoch'

type ParameterName = keyof CustodyParameters

function row(
  name: ParameterName,
  [unit, minimum, maximum]: readonly [string, string, string],
  [setter, event]: readonly [string, string],
): ParameterRow {
  return { name, unit, minimum, maximum, setter, event, readFrom: ({ parameters }) => show(parameters[name]) }
}

function epochRow(
  name: string,
  field: keyof EpochLengths,
  [minimum, maximum]: readonly [string, string],
): ParameterRow {
  const readFrom = ({ epochs }: ParameterValues): string => show(epochs[field])
  return { name, unit: 'blocks', minimum, maximum, setter: FIXED, event: '', readFrom }
}

const show = (value: bigint | number | readonly number[]): string =>
  Array.isArray(value) ? value.map(String).join(', ') : String(value)

const challenges = ['ADMIN, next epoch', 'ParametersChanged'] as const
const stake = ['ADMIN, next epoch', 'StakeParametersChanged'] as const
const registry = ['ADMIN, new posts', 'RegistryParametersChanged'] as const
const relay = ['ADMIN, at once', 'RelayParametersChanged'] as const

export const parameterTable: readonly ParameterRow[] = [
  epochRow('L', 'length', ['Δ + finalizeBy + window + maxPause + reportWindow', '']),
  epochRow('Δ', 'delta', ['0', FITS]),
  epochRow('finality', 'finality', ['1', 'finalizeBy']),
  epochRow('finalizeBy', 'finalizeBy', ['finality', '8191']),
  row('window', ['blocks', '1', FITS], challenges),
  row('reportWindow', ['blocks', '1', FITS], challenges),
  row('maxPause', ['blocks', '0', FITS], challenges),
  row('period', ['epochs', '1', '65535'], challenges),
  row('operatorsAtLevel', ['operators', '1', '64'], challenges),
  row('blobsAtLevel', ['blobs', '1', '64'], challenges),
  row('precompileGasCap', ['gas', '50000', '1000000'], challenges),
  row('custodyBps', [BPS, '1', '10000'], challenges),
  row('quorumBps', [BPS, '5001', '10000'], relay),
  row('relayGrace', ['unpaused blocks', '0', '7200'], relay),
  row('maxStakeAge', ['epochs', '0', ''], ['ADMIN, with another quorum contract', 'QuorumChanged']),
  row('attestationDeadline', ['unpaused blocks', '1', '216000'], registry),
  row('maxTermEpochs', ['epochs', '1', '10000000'], registry),
  row('minStake', ['wei', '1', '2^96 - 1'], stake),
  row('penaltyBps', [BPS, '0', '10000'], stake),
  row('maxSlashBpsPerEpoch', [BPS, '0', '10000'], stake),
  row('reporterBps', [BPS, '0', '1000'], stake),
  row('ejectAfterMissedEpochs', ['epochs', '1', 'ejectWithinEpochs'], stake),
  row('ejectWithinEpochs', ['epochs', 'ejectAfterMissedEpochs', '64'], stake),
  row('unbonding', ['unpaused blocks', '4 L + slasherDelay + margin', '5256000'], stake),
  row('margin', ['blocks', '1', 'unbonding - 4 L - slasherDelay'], stake),
  row('slasherDelay', ['blocks', '0', 'unbonding - 4 L - margin'], stake),
  {
    name: 'delay of the timelock',
    unit: 'seconds',
    minimum: 'unbonding with every pause',
    maximum: '',
    setter: 'ADMIN, at once',
    event: 'MinDelayChange',
    readFrom: ({ delaySeconds }) => String(delaySeconds),
  },
]
