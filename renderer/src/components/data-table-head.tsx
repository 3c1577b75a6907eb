/** The head of a data table: each column's name is a button that sorts by it. */

import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import styles from './data-table.module.css'

type SortDirection = 'asc' | 'desc' | false
/** The part of a TanStack table that the head needs. */
type SortableTable = {
  getColumn: (id: string) => { getIsSorted: () => SortDirection; toggleSorting: () => void } | undefined
}
type HeadColumn = {
  readonly id: string
  readonly header: string
  readonly width?: number | string
  readonly isRight?: boolean
}

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const

export function DataTableHead({ table, columns }: { table: SortableTable; columns: readonly HeadColumn[] }) {
  return (
    <thead>
      <tr>
        {columns.map(column => {
          const sorted = table.getColumn(column.id)?.getIsSorted() ?? false
          return (
            <th
              key={column.id}
              scope="col"
              style={{ width: column.width }}
              className={column.isRight ? `${styles.head} ${styles.right}` : styles.head}
              aria-sort={sorted ? ARIA_SORT[sorted] : 'none'}
            >
              <button type="button" className={styles.sort} onClick={() => table.getColumn(column.id)?.toggleSorting()}>
                {column.header}
                {sorted === 'asc' ? <IconArrowUp size={13} aria-hidden /> : null}
                {sorted === 'desc' ? <IconArrowDown size={13} aria-hidden /> : null}
              </button>
            </th>
          )
        })}
      </tr>
    </thead>
  )
}
