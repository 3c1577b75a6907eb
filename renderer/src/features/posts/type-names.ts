/** Content types as a short list that a person can read. */

/** `image/png` → `PNG`, `text/*` → `text`, `application/vnd.a.b+json` → `JSON`. */
export function typeNames(contentTypes: readonly string[]): string {
  const names = contentTypes.map(type => {
    const [family = '', kind = ''] = type.split('/')
    if (kind === '*') return family === '*' ? '*' : family
    return kind === 'plain' ? 'TXT' : (kind.split(/[.+-]/).at(-1) ?? kind).toUpperCase()
  })
  return [...new Set(names)].join(', ')
}
