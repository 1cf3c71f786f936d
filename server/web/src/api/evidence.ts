// What the ledger shows of its tree: checkpoints and proofs, as texts that anyone can check elsewhere too.
import { askText } from './http'

/** The newest checkpoint, a signed note. */
export const checkpoint = (): Promise<string> => askText('/checkpoint')

/** That an event is in the ledger (tlog-proof), with its header. */
export const inclusion = (seq: number): Promise<string> => askText(`/v1/proofs/${seq}`)

/** That the ledger continues its first `older` events. */
export const consistency = (older: number): Promise<string> =>
  askText('/v1/proofs/consistency', { old: older })
