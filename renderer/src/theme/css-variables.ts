/** Colours with a meaning, for light and dark; every pair of text and ground reaches a contrast of at least 4.5. */

import type { CSSVariablesResolver } from '@mantine/core'

const LIGHT = {
  '--em-canvas': '#f3f5f4',
  '--em-surface': '#ffffff',
  '--em-sunken': '#f6f8f7',
  '--em-line': '#dde3e1',
  '--em-line-strong': '#c3ccca',
  '--em-on-ink': '#ffffff',
  '--em-muted': '#566264',
  '--em-accepted': '#0a7048',
  '--em-accepted-fill': '#12a168',
  '--em-accepted-soft': '#dff3e9',
  '--em-motion': '#2c5aa8',
  '--em-motion-fill': '#4a7dd0',
  '--em-motion-soft': '#e5edf9',
  '--em-warn': '#855200',
  '--em-warn-fill': '#d58b12',
  '--em-warn-soft': '#fbefd6',
  '--em-bad': '#ae2419',
  '--em-bad-fill': '#d6493c',
  '--em-bad-soft': '#fce8e5',
  '--em-idle': '#4f5b5d',
  '--em-idle-fill': '#93a0a2',
  '--em-idle-soft': '#e9edec',
} as const

const DARK: Record<keyof typeof LIGHT, string> = {
  '--em-canvas': '#0d1112',
  '--em-surface': '#14191b',
  '--em-sunken': '#101516',
  '--em-line': '#283032',
  '--em-line-strong': '#3a4547',
  '--em-on-ink': '#14191b',
  '--em-muted': '#98a4a6',
  '--em-accepted': '#4fdb9c',
  '--em-accepted-fill': '#27b97b',
  '--em-accepted-soft': '#10291e',
  '--em-motion': '#93b6f7',
  '--em-motion-fill': '#5b8be0',
  '--em-motion-soft': '#162338',
  '--em-warn': '#f0b850',
  '--em-warn-fill': '#cf9327',
  '--em-warn-soft': '#2d2310',
  '--em-bad': '#ff938a',
  '--em-bad-fill': '#db5a4f',
  '--em-bad-soft': '#361a18',
  '--em-idle': '#a9b4b5',
  '--em-idle-fill': '#6f7c7e',
  '--em-idle-soft': '#21282a',
}

/** Mantine's own names for the same things. */
const SHARED = {
  '--mantine-color-body': 'var(--em-surface)',
  '--mantine-color-dimmed': 'var(--em-muted)',
  '--mantine-primary-color-contrast': 'var(--em-on-ink)',
  '--mantine-color-error': 'var(--em-bad)',
  '--mantine-color-default-border': 'var(--em-line)',
  '--mantine-color-placeholder': 'var(--em-muted)',
}

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...LIGHT, ...SHARED },
  dark: { ...DARK, ...SHARED },
})
