/** What the surroundings of the page can do: a desktop window or a browser tab. */

export type Shell = {
  readonly kind: 'desktop' | 'browser'
  /** Opens an https address outside the app; other addresses are refused. */
  readonly openExternal: (url: string) => void
  readonly saveTextFile: (fileName: string, text: string) => void
}
