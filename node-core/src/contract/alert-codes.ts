/** Every alert that the node can raise; the only table of them. */

type AlertEntry = {
  /**
   * `state`: its cause lasts, and it is resolved when the cause ends. `happening`: its cause is past; it is resolved when somebody
   * acknowledges it, or when the chain takes the cause back.
   */
  readonly kind: 'state' | 'happening'
}

/** From the least urgent on. */
export const ALERT_SEVERITIES = ['notice', 'warning', 'critical'] as const
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number]

export const ALERT_CODES = {
  /** An own key has money for few more answers. Subject: its address. */
  BALANCE_LOW: { kind: 'state' },
  /** Two derivations of an own challenge differ. Subject: the challenge. */
  CHALLENGE_MISDERIVED: { kind: 'happening' },
  /** The deadline of an own challenge passed without an accepted proof. Subject: the challenge. */
  CHALLENGE_MISSED: { kind: 'happening' },
  /** An own challenge is open and its deadline comes near. Subject: the challenge. */
  DEADLINE_NEAR: { kind: 'state' },
  /** No new block was seen for long. Subject: `chain`. */
  HEAD_STALE: { kind: 'state' },
  /** An own operator lost stake. Subject: the challenge. */
  OPERATOR_SLASHED: { kind: 'happening' },
  /** The chain found a proof false that an own key had sent. Subject: the challenge, or `batch:<epoch>:<operator>`. */
  PROOF_REJECTED: { kind: 'happening' },
  /** A stored block was damaged and is gone. Subject: its CID. */
  STORAGE_CORRUPT: { kind: 'state' },
} as const satisfies Readonly<Record<string, AlertEntry>>

export type AlertCode = keyof typeof ALERT_CODES
export const ALERT_CODE_NAMES = Object.keys(ALERT_CODES) as [AlertCode, ...AlertCode[]] // the keys of the table above
