/** How many blocks are asked for at once: shrinks to what an endpoint allows, and carefully grows again. */

/** `ceiling`: what an endpoint was seen to allow at most. `successes` in a row since then. */
export type LogRange = { readonly blocks: number; readonly ceiling: number; readonly successes: number }

/** `maxBlocks` when it says how many it would take. */
export type LogLimit = { readonly maxBlocks: number | undefined }

/** A guess: so many logs are applied in one transaction without holding up the main thread for long. */
const MANY_LOGS = 1_000
const GROWTH = 1.5
/** A try above the ceiling costs a failed request, so it comes seldom. The limit may have been of so many logs, not of so many blocks. */
const SUCCESSES_BEFORE_TRY = 32

export const fullRange = (maxBlocks: number): LogRange => ({ blocks: maxBlocks, ceiling: maxBlocks, successes: 0 })

/** @param logs that came with the last answer. */
export function afterAnswer(range: LogRange, logs: number, maxBlocks: number): LogRange {
  if (logs > MANY_LOGS) return { ...range, blocks: halfOf(range.blocks) }
  const successes = range.successes + 1
  const ceiling = successes < SUCCESSES_BEFORE_TRY ? range.ceiling : maxBlocks
  const blocks = Math.min(Math.ceil(range.blocks * GROWTH), ceiling, maxBlocks)
  return { blocks, ceiling, successes: ceiling === range.ceiling ? successes : 0 }
}

/** @param asked for so many blocks the endpoint refused. */
export function afterLimit(asked: number, { maxBlocks }: LogLimit): LogRange {
  const blocks = maxBlocks !== undefined && maxBlocks < asked ? Math.max(1, maxBlocks) : halfOf(asked)
  return { blocks, ceiling: maxBlocks === blocks ? blocks : Math.max(1, asked - 1), successes: 0 }
}

export const halfOf = (blocks: number): number => Math.max(1, Math.floor(blocks / 2))

/** What the common clients and providers say; each has words of its own, and their codes mean other things elsewhere. */
const LIMITS: readonly RegExp[] = [
  /\branges?\b.*(?:wide|large|high|big|exceed|limit|max|greater|over|allowed|not supported)/i,
  /(?:limited to|exceeds?|max(?:imum)?|up to|bigger than|larger than)\b.*\brange\b/i,
  /more than [\d,]+ (?:results|logs)|max(?:imum)? results|too many (?:results|logs)/i,
  /(?:response|result)s?(?: size| body)?.*(?:too large|exceed|too big|limit)/i,
  /query timeout|ResponseBodyTooLargeError/i,
]
/** [from, to], decimal or hex: a range that the endpoint says it would take. */
const SUGGESTED = /(?:range|work|retry with)[^[\d]*\[?\s*(0x[0-9a-f]+|\d+)\s*[,-]\s*(0x[0-9a-f]+|\d+)\s*\]?/i
/** A number with its `K` behind words of a maximum. */
const NAMED =
  /(?:limited to(?: an?| the)?|up to(?: an?)?|limit(?: of|:| is)?|max(?:imum)?(?: block)?(?: range)?(?: limit)?(?: is| of|:| =)?(?: allowed)?|over)[\s:=]*([\d,]+)(k?)\b/gi

/** @returns undefined when the endpoint complains of something else. */
export function limitIn(message: string): LogLimit | undefined {
  if (/invalid block range/i.test(message) || !LIMITS.some(words => words.test(message))) return undefined
  const suggested = SUGGESTED.exec(message)
  if (suggested !== null) return { maxBlocks: positive(Number(suggested[2]) - Number(suggested[1]) + 1) }
  // Said of logs or bytes, a number tells nothing of blocks.
  if (!/range/i.test(message) || /results|logs returned/i.test(message)) return { maxBlocks: undefined }
  const named = [...message.matchAll(NAMED)].at(-1)
  if (named === undefined) return { maxBlocks: undefined }
  return { maxBlocks: positive(Number(named[1]?.replaceAll(',', '')) * (named[2] === '' ? 1 : 1_000)) }
}

const positive = (blocks: number): number | undefined => (blocks >= 1 ? blocks : undefined)
