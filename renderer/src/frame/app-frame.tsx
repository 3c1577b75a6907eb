/** What stands around every screen. */

import { AppShell } from '@mantine/core'
import { Outlet, useLocation } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { BlockPaceContext, useMeasuredBlockPace } from '../engine/use-block-pace.ts'
import { CommandPalette } from './command-palette.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { DemoWatermark } from './demo-watermark.tsx'
import { Header } from './header.tsx'
import { Navigation } from './navigation.tsx'
import { NodeFooter } from './node-footer.tsx'

export function AppFrame() {
  const { t } = useTranslation()
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current !== pathname) main.current?.focus({ preventScroll: true })
    shown.current = pathname
  }, [pathname])
  return (
    <BlockPaceContext value={useMeasuredBlockPace()}>
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        {t('frame.skip')}
      </button>
      <AppShell header={{ height: 58 }} navbar={{ width: 208, breakpoint: 0 }} padding={0}>
        <AppShell.Header>
          <Header />
        </AppShell.Header>
        <AppShell.Navbar p="sm">
          <AppShell.Section grow>
            <Navigation />
          </AppShell.Section>
          <AppShell.Section px={10} pb={4}>
            <NodeFooter />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main ref={main} id="main" tabIndex={-1}>
          <div style={{ maxWidth: 1600, margin: '0 auto', padding: '26px 28px 48px' }}>
            <ConnectionBanner />
            <Outlet />
          </div>
        </AppShell.Main>
      </AppShell>
      <DemoWatermark />
      <CommandPalette />
    </BlockPaceContext>
  )
}
