export interface TnefFile {
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly content: Uint8Array;
}
export interface TnefContent {
  readonly subject: string | undefined;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly rtf: string | undefined;
  readonly files: readonly TnefFile[];
  readonly isComplete: boolean;
}
export function readTnef(_content: Uint8Array): TnefContent | undefined {
  return undefined;
}
