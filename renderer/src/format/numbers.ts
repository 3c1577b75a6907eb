/** Numbers as a person reads them, with their units, in the language of the UI. */

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
const WEI_PER_GWEI = 10n ** 9n
const WEI_PER_ETH = 10n ** 18n

export function formatCount(value: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(value)
}

/** Binary units, at most one decimal: `3.4 MiB`. */
export function formatBytes(bytes: number, locale: string): string {
  let value = bytes
  let unit = 0
  while (value >= 1_024 && unit < BYTE_UNITS.length - 1) {
    value /= 1_024
    unit += 1
  }
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: unit === 0 ? 0 : 1 }).format(value)} ${BYTE_UNITS[unit]}`
}

/** Ether from a tenth of a milliether on, gwei below, wei below one gwei; rounded down, so that nothing looks larger than it is. */
export function formatWei(wei: string, locale: string): string {
  const amount = BigInt(wei)
  if (amount === 0n) return '0 ETH'
  if (amount >= WEI_PER_ETH / 10_000n) return `${decimals(amount, WEI_PER_ETH, 4, locale)} ETH`
  if (amount >= WEI_PER_GWEI) return `${decimals(amount, WEI_PER_GWEI, 2, locale)} gwei`
  return `${new Intl.NumberFormat(locale).format(amount)} wei`
}

export function formatPercent(fraction: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(fraction)
}

/** `0x1234…cdef`: enough of both ends to tell two values apart. */
export function shorten(text: string, head = 6, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`
}

function decimals(amount: bigint, unit: bigint, digits: number, locale: string): string {
  const scale = 10n ** BigInt(digits)
  const scaled = (amount * scale) / unit
  const fraction = (scaled % scale).toString().padStart(digits, '0').replace(/0+$/, '')
  const whole = new Intl.NumberFormat(locale).format(scaled / scale)
  const point = new Intl.NumberFormat(locale).formatToParts(1.5).find(part => part.type === 'decimal')?.value ?? '.'
  return fraction === '' ? whole : `${whole}${point}${fraction}`
}
