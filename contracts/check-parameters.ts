// Whether a set of parameters keeps what the protocol promises, by arithmetic of its own.
import { leastDelaySeconds } from './governance.ts'
import type { ParameterValues } from './parameter-table.ts'

export type ParameterCheck = {
  readonly name: string
  readonly ok: boolean
  readonly needed: string
  readonly found: string
}

/** Epochs in which an operator that leaves can still be challenged: the one of its announcement, and one a level. */
const EPOCHS_OF_A_LEAVER = 4

/** In the fullest epoch a pause makes the last block of the report window fall away; one must be left. */
const LEAST_REPORT_WINDOW = 2

export function checkParameters(values: ParameterValues, secondsPerBlock: number): ParameterCheck[] {
  const { epochs, parameters, delaySeconds } = values
  const length = Number(epochs.length)
  const inEpoch =
    Number(epochs.delta + epochs.finalizeBy) + parameters.window + parameters.maxPause + parameters.reportWindow
  const slashable = EPOCHS_OF_A_LEAVER * length + parameters.slasherDelay
  const least = leastDelaySeconds(parameters, epochs, secondsPerBlock)
  return [
    atMost('an epoch is over before the next begins', inEpoch, length, 'blocks'),
    atMost('no pause prevents all reports', LEAST_REPORT_WINDOW, parameters.reportWindow, 'blocks'),
    atMost(
      'stake stays until it can no longer be slashed',
      slashable,
      parameters.unbonding - parameters.margin,
      'blocks',
    ),
    atMost('who disagrees can leave before governance acts', Number(least), Number(delaySeconds), 's'),
  ]
}

function atMost(name: string, needed: number, found: number, unit: string): ParameterCheck {
  return { name, ok: needed <= found, needed: `${needed} ${unit}`, found: `${found} ${unit}` }
}
