/** Decides what a file is from its first bytes, its name and what its sender says, and refuses what may not be stored. */

import { fileTypeFromBuffer } from 'file-type'
import { AppError } from '../base/app-error.ts'
import {
  CONTENT_TYPE_ALIASES,
  type ContentType,
  isAllowedContentType,
  REFUSED_EXTENSIONS,
  TEXT_TYPES_BY_EXTENSION,
} from './content-types.ts'

/** What the sniffer wants to see of a file; its own recommendation (`file-type`, sampleSize). */
export const SNIFF_BYTES = 4_100

export type SniffInput = {
  /** The first {@link SNIFF_BYTES} bytes, or all of a shorter file. */
  readonly head: Uint8Array
  readonly fileName?: string | undefined
  readonly declaredType?: string | undefined
}

const OPAQUE = 'application/octet-stream'
const TEXT_TYPES: ReadonlySet<string> = new Set(['text/plain', 'text/csv', 'application/json'])
const PAGE_OR_SCRIPT =
  /^[\s\uFEFF]*(?:#!|<!doctype\s+html|<(?:html|head|body|script|svg|iframe|\?php|\?xml)\b|<\?php|<\?xml)/i

/**
 * Given its own answer as the declared type it answers the same, so a publisher and an attester agree.
 * @throws AppError EMPTY_FILE, CONTENT_TYPE_NOT_ALLOWED, CONTENT_TYPE_MISMATCH.
 */
export async function sniffContentType({ head, fileName, declaredType }: SniffInput) {
  if (head.length === 0) throw new AppError('EMPTY_FILE')
  const extension = extensionOf(fileName)
  if (REFUSED_EXTENSIONS.has(extension)) throw notAllowed(`.${extension}`)
  const declared = declaredType === undefined ? undefined : allowedType(declaredType)
  const sniffed = await sniff(head.subarray(0, SNIFF_BYTES), extension)
  return { contentType: agree(declared, sniffed) }
}

async function sniff(head: Uint8Array, extension: string): Promise<ContentType> {
  const magic = await fileTypeFromBuffer(head)
  if (magic !== undefined) return allowedType(magic.mime)
  const text = decodeText(head)
  if (text === undefined) return OPAQUE
  if (PAGE_OR_SCRIPT.test(text)) throw notAllowed('text/html or a script')
  return TEXT_TYPES_BY_EXTENSION[extension] ?? 'text/plain'
}

function agree(declared: ContentType | undefined, sniffed: ContentType): ContentType {
  if (declared === undefined || declared === OPAQUE || declared === sniffed) return sniffed
  if (TEXT_TYPES.has(declared) && TEXT_TYPES.has(sniffed)) return declared
  if (containerOf(declared) !== undefined && containerOf(declared) === containerOf(sniffed)) return declared
  throw new AppError('CONTENT_TYPE_MISMATCH', { declared, sniffed })
}

/** One container format carries sound alone or with pictures; the first bytes do not tell which. */
function containerOf(type: string): string | undefined {
  return /^(?:audio|video)\/(.+)$/.exec(type)?.[1]
}

function allowedType(type: string): ContentType {
  const [essence = ''] = type.toLowerCase().split(';')
  const plain = essence.trim()
  const name = Object.hasOwn(CONTENT_TYPE_ALIASES, plain) ? (CONTENT_TYPE_ALIASES[plain] ?? plain) : plain
  if (!isAllowedContentType(name)) throw notAllowed(plain)
  return name
}

/** UTF-8 without NUL; a character cut off at the end of the sample is fine. @returns undefined for anything else. */
function decodeText(head: Uint8Array): string | undefined {
  if (head.includes(0)) return undefined
  try {
    const cut = head.length === SNIFF_BYTES
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: cut })
  } catch {
    return undefined
  }
}

function extensionOf(fileName: string | undefined): string {
  return /\.([a-z0-9]+)$/i.exec(fileName ?? '')?.[1]?.toLowerCase() ?? ''
}

function notAllowed(contentType: string): AppError {
  return new AppError('CONTENT_TYPE_NOT_ALLOWED', { contentType })
}
