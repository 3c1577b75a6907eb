/** The look of Emerald: neutral graphite surfaces, ink for what can be pressed, and green for accepted duties alone. */

import { createTheme, defaultVariantColorsResolver, type MantineColorsTuple } from '@mantine/core'

/** Buttons, links and focus are ink, so that green keeps its one meaning. */
const INK: MantineColorsTuple = [
  '#f1f4f4',
  '#e3e8e8',
  '#c8d0d0',
  '#a9b4b5',
  '#8a9697',
  '#6c797b',
  '#546062',
  '#3c4648',
  '#262e30',
  '#161c1d',
]

/** Grounds and borders of controls on light surfaces. */
const STONE: MantineColorsTuple = [
  '#f6f8f7',
  '#eef1f0',
  '#e4e9e7',
  '#d5dcda',
  '#c3ccca',
  '#8b9896',
  '#6c7977',
  '#4b5654',
  '#333c3a',
  '#1f2625',
]

/** Text to page background, lightest first; as Mantine expects of `dark`. */
const GRAPHITE: MantineColorsTuple = [
  '#e4e9e9',
  '#b9c2c3',
  '#98a4a6',
  '#6f7c7e',
  '#2b3335',
  '#21282a',
  '#1a2022',
  '#14191b',
  '#0f1314',
  '#0b0e0f',
]

const SANS =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif'
const MONO = 'ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace'

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 1 },
  autoContrast: true,
  variantColorResolver: input => ({
    ...defaultVariantColorsResolver(input),
    // Ink is dark on light and light on dark; the kit would settle its text colour once for both.
    ...(isFilledInk(input) ? { color: 'var(--em-on-ink)' } : {}),
  }),
  colors: { ink: INK, gray: STONE, dark: GRAPHITE },
  black: '#161c1d',
  fontFamily: SANS,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  headings: {
    fontFamily: SANS,
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'sm',
  radius: { xs: '3px', sm: '6px', md: '10px', lg: '14px', xl: '24px' },
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
    Button: { defaultProps: { size: 'sm' } },
    Skeleton: { defaultProps: { radius: 'sm' } },
  },
})

function isFilledInk(input: { variant: string; color?: string | undefined }): boolean {
  return input.variant === 'filled' && (input.color === undefined || input.color === 'ink')
}
