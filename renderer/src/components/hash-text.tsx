/** A hash, address, CID or long number: monospaced, shortened unless `isWhole`, with a button that copies all of it. */

import { Box } from '@mantine/core'
import { shorten } from '../format/numbers.ts'
import { CopyButton } from './copy-button.tsx'

type Props = { value: string; label: string; isWhole?: boolean; head?: number; tail?: number }

export function HashText({ value, label, isWhole = false, head = 8, tail = 6 }: Props) {
  return (
    <Box component="span" display="inline-flex" style={{ alignItems: isWhole ? 'flex-start' : 'center', gap: 4 }}>
      <span className={isWhole ? 'mono breakable' : 'mono'} title={value}>
        {isWhole ? value : shorten(value, head, tail)}
      </span>
      <CopyButton value={value} label={label} />
    </Box>
  )
}
