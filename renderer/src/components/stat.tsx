/** One number with its name. */

import { Box, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export function Stat({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <Box>
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Text fz={22} fw={600} lh={1.25} className="num">
        {value}
      </Text>
      {note ? (
        <Text size="xs" c="dimmed" className="num">
          {note}
        </Text>
      ) : null}
    </Box>
  )
}
