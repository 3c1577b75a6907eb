/** One proof: its values, what it cost, how long it took, and a check of it right here. */

import { Button, Grid, Stack } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { BackLink } from '../../components/back-link.tsx'
import { ErrorPanel } from '../../components/error-panel.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { readError } from '../../engine/errors.ts'
import { useFormat } from '../../format/use-format.ts'
import { useShell } from '../../shell/shell-context.tsx'
import { LatencyBreakdown } from './latency-breakdown.tsx'
import { ProofFacts } from './proof-facts.tsx'
import { VerifyHere } from './verify-here.tsx'

export function ProofScreen() {
  const { t } = useTranslation()
  const format = useFormat()
  const shell = useShell()
  const queries = useQueries()
  const { id } = useParams({ from: '/proofs/$id' })
  const query = useQuery(queries.proofs.get.queryOptions({ input: { id } }))
  const exporting = useMutation(
    queries.proofs.export.mutationOptions({
      onSuccess: bundle => shell.saveTextFile(`proof-${id.replaceAll(':', '-')}.json`, JSON.stringify(bundle)),
    }),
  )
  return (
    <>
      <PageHeader
        back={<BackLink to="/proofs" label={t('nav.proofs')} />}
        title={query.data ? t('proofs.one', { epoch: format.count(query.data.epoch) }) : t('proofs.oneUnknown')}
        lead={t('proofs.oneLead')}
        actions={
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={exporting.isPending}
            onClick={() => exporting.mutate({ id })}
          >
            {t('proofs.export')}
          </Button>
        }
      />
      {exporting.error ? (
        <ErrorPanel error={readError(exporting.error)} onRetry={() => exporting.mutate({ id })} />
      ) : null}
      <QueryView query={query} skeleton={<Skeletons heights={[320, 160]} />}>
        {proof => (
          <Grid gap="md">
            <Grid.Col span={7}>
              <ProofFacts proof={proof} />
            </Grid.Col>
            <Grid.Col span={5}>
              <Stack gap="md">
                <VerifyHere id={proof.id} />
                <LatencyBreakdown timings={proof.timings} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </QueryView>
    </>
  )
}
