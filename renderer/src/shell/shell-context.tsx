/** Gives every component the shell of the app. */

import { createContext, type ReactNode, useContext } from 'react'
import { createPageShell } from './page-shell.ts'
import type { Shell } from './shell.ts'

const ShellContext = createContext<Shell>(createPageShell('browser'))

export function ShellProvider({ shell, children }: { shell: Shell; children: ReactNode }) {
  return <ShellContext value={shell}>{children}</ShellContext>
}

export function useShell(): Shell {
  return useContext(ShellContext)
}
