/** The story of the node as steps, with things to break on purpose and a way back to the start. */

import { Grid, Stack } from '@mantine/core'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { EmptyPanel } from '../../components/empty-panel.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { QueryView } from '../../components/query-view.tsx'
import { Section } from '../../components/section.tsx'
import { Skeletons } from '../../components/skeletons.tsx'
import { useQueries } from '../../engine/engine-context.tsx'
import { FaultList } from './fault-list.tsx'
import { PublishSample } from './publish-sample.tsx'
import { ResetDemo } from './reset-demo.tsx'
import { StorySteps } from './story-steps.tsx'

export function DemoScreen() {
  const { t } = useTranslation()
  const query = useQuery(useQueries().demo.state.queryOptions())
  return (
    <>
      <PageHeader title={t('nav.demo')} lead={t('demo.lead')} />
      <QueryView query={query} skeleton={<Skeletons heights={[380, 200]} />}>
        {state =>
          state.isAvailable ? (
            <Grid gap="md">
              <Grid.Col span={6}>
                <Section title={t('demo.story')} actions={<PublishSample isResetting={state.isResetting} />}>
                  <StorySteps steps={state.steps} />
                </Section>
              </Grid.Col>
              <Grid.Col span={6}>
                <Stack gap="md">
                  <FaultList faults={state.faults} isResetting={state.isResetting} />
                  <ResetDemo isResetting={state.isResetting} />
                </Stack>
              </Grid.Col>
            </Grid>
          ) : (
            <EmptyPanel
              icon={<IconPlayerPlay aria-hidden />}
              title={t('demo.unavailableTitle')}
              text={t('demo.unavailableText')}
            />
          )
        }
      </QueryView>
    </>
  )
}
