/** Place holders in the shape of what is being loaded. */

import { Skeleton, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'

/** `heights` in pixels, top to bottom. */
export function Skeletons({ heights }: { heights: readonly number[] }) {
  const { t } = useTranslation()
  return (
    <Stack gap="md" aria-busy role="status" aria-label={t('common.loading')}>
      {heights.map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: place holders have no identity
        <Skeleton key={index} height={height} radius="md" />
      ))}
    </Stack>
  )
}
