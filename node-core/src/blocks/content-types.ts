/** Which content types may be stored, and which file names and openings are refused whatever they claim to be. */

/** IANA media types, or the common name where none is registered. `application/octet-stream` is opaque data. */
export const ALLOWED_CONTENT_TYPES = [
  'application/gzip',
  'application/json',
  'application/octet-stream',
  'application/pdf',
  'application/zip',
  'audio/mp4',
  'audio/mpeg',
  'audio/webm',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/csv',
  'text/plain',
  'video/mp4',
  'video/mpeg',
  'video/webm',
] as const

export type ContentType = (typeof ALLOWED_CONTENT_TYPES)[number]

export function isAllowedContentType(type: string): type is ContentType {
  return (ALLOWED_CONTENT_TYPES as readonly string[]).includes(type) // widened: `includes` takes only its own members
}

/** Other names of an allowed type, as browsers, operating systems and sniffers write them. */
export const CONTENT_TYPE_ALIASES: Readonly<Record<string, ContentType>> = {
  'application/x-gzip': 'application/gzip',
  'application/x-zip-compressed': 'application/zip',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'image/jpg': 'image/jpeg',
  'text/json': 'application/json',
  'video/x-m4v': 'video/mp4',
}

/** What text is called by its file name; every other text is `text/plain`. */
export const TEXT_TYPES_BY_EXTENSION: Readonly<Record<string, ContentType>> = {
  csv: 'text/csv',
  json: 'application/json',
}

/** Programs, scripts and pages, by what a person's machine would do with the file. */
export const REFUSED_EXTENSIONS: ReadonlySet<string> = new Set(
  'apk app bat cmd com cpl dll dmg elf exe hta htm html jar js jse lnk mjs msi php pl ps1 py rb reg scr sh svg vb vbe vbs wsf xhtml'.split(
    ' ',
  ),
)
