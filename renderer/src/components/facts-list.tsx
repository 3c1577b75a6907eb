/** Names and values, one pair a line; a pair without a value is left out. */

import { Fragment, type ReactNode } from 'react'
import styles from './facts-list.module.css'

export type Fact = { readonly name: string; readonly value: ReactNode }

export function FactsList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={styles.list}>
      {facts
        .filter(fact => fact.value !== null)
        .map(fact => (
          <Fragment key={fact.name}>
            <dt>{fact.name}</dt>
            <dd className="num">{fact.value}</dd>
          </Fragment>
        ))}
    </dl>
  )
}
