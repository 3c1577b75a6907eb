/** A table that sorts what it was given, draws only the rows in view, and asks for more at its end. */

import { createSortedRowModel, rowSortingFeature, sortFn_basic, tableFeatures, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import styles from './data-table.module.css'
import { DataTableHead } from './data-table-head.tsx'

export type Column<Row> = {
  readonly id: string
  readonly header: string
  /** What the column sorts by. */
  readonly value: (row: Row) => string | number
  readonly cell: (row: Row) => ReactNode
  readonly width?: number | string
  readonly isRight?: boolean
}

type Props<Row> = {
  label: string
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowId: (row: Row) => string
  /** For the mouse; the keyboard uses the link in the first cell. */
  onOpen?: (row: Row) => void
  onReachEnd?: () => void
  height?: string
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic },
})
const ROW_HEIGHT_PX = 46

export function DataTable<Row extends object>(props: Props<Row>) {
  const { label, rows, columns, rowId, onOpen, onReachEnd, height = 'calc(100dvh - 250px)' } = props
  const scroll = useRef<HTMLDivElement>(null)
  const columnDefs = useMemo(
    () =>
      columns.map(column => ({
        id: column.id,
        header: column.header,
        accessorFn: column.value,
        sortFn: 'basic' as const,
        enableSorting: true,
      })),
    [columns],
  )
  const data = useMemo(() => [...rows], [rows])
  const table = useTable({ features, columns: columnDefs, data, getRowId: rowId })
  const sorted = table.getRowModel().rows
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => ROW_HEIGHT_PX,
    initialRect: { width: 1_000, height: 600 },
    overscan: 8,
  })
  const items = virtualizer.getVirtualItems()
  const before = items[0]?.start ?? 0
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0)
  const isAtEnd = (items.at(-1)?.index ?? 0) >= sorted.length - 1
  useEffect(() => {
    if (isAtEnd) onReachEnd?.()
  }, [isAtEnd, onReachEnd])

  return (
    <section
      className={styles.scroll}
      ref={scroll}
      style={{ '--table-height': height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
    >
      <table className={styles.table} aria-rowcount={sorted.length + 1}>
        <DataTableHead table={table} columns={columns} />
        <tbody>
          {before > 0 ? <Spacer height={before} span={columns.length} /> : null}
          {items.map(item => {
            const row = sorted[item.index]
            if (!row) return null
            return (
              <tr
                key={row.id}
                className={onOpen ? styles.row : undefined}
                aria-rowindex={item.index + 2}
                onClick={() => onOpen?.(row.original)}
              >
                {columns.map(column => (
                  <td key={column.id} className={column.isRight ? `${styles.cell} ${styles.right}` : styles.cell}>
                    {column.cell(row.original)}
                  </td>
                ))}
              </tr>
            )
          })}
          {after > 0 ? <Spacer height={after} span={columns.length} /> : null}
        </tbody>
      </table>
    </section>
  )
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden className={styles.spacer}>
      <td colSpan={span} style={{ height }} />
    </tr>
  )
}
