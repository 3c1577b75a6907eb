/** The app: its look, its engine, its shell and its screens. */

import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Engine } from './engine/create-engine.ts'
import { EngineProvider } from './engine/engine-context.tsx'
import { OperatorChoiceProvider } from './engine/operator-choice.tsx'
import { PublishProvider } from './features/posts/publish-context.tsx'
import { NoSession } from './frame/no-session.tsx'
import type { createAppRouter } from './router.tsx'
import type { Shell } from './shell/shell.ts'
import { ShellProvider } from './shell/shell-context.tsx'
import { cssVariablesResolver } from './theme/css-variables.ts'
import { theme } from './theme/theme.ts'

const colorSchemeManager = localStorageColorSchemeManager({ key: 'emerald.theme' })

type Props = { engine: Engine | null; shell: Shell; router: ReturnType<typeof createAppRouter> }

/** Without an engine the page was opened without a session, and says so. */
export function App({ engine, shell, router }: Props) {
  return (
    <Look>
      {engine ? (
        <ShellProvider shell={shell}>
          <EngineProvider engine={engine}>
            <OperatorChoiceProvider>
              <PublishProvider>
                <RouterProvider router={router} />
              </PublishProvider>
            </OperatorChoiceProvider>
          </EngineProvider>
        </ShellProvider>
      ) : (
        <NoSession />
      )}
    </Look>
  )
}

function Look({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariablesResolver}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <Notifications position="bottom-right" />
      {children}
    </MantineProvider>
  )
}
