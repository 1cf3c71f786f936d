// What went wrong, in one sentence for people. The server says it itself (RFC 9457 problem+json, Chinese first);
// the sentences here are for what never reached it.
import { say } from '../words/say'

export interface ProblemBody {
  type?: string
  status?: number
  title?: string
  detail?: string
  refused?: string
  text?: string
  zh?: string
  en?: string
}

const byStatus: Record<number, () => string> = {
  0: () =>
    say(
      '连不上服务器。网络恢复后会自动继续。',
      'The server cannot be reached. It goes on when the line is back.',
    ),
  401: () => say('登录已失效，请重新登录。', 'Please sign in again.'),
  403: () => say('您的角色不能看这一页。', 'Your role may not see this.'),
  404: () => say('截至这个时刻没有这条记录。', 'There is no such record at this moment.'),
  413: () => say('内容太大，未提交。', 'Too large; nothing was sent.'),
  429: () => say('请求太多，请稍候再试。', 'Too many requests; try again shortly.'),
  503: () => say('服务器正忙，请稍候再试。', 'The server is busy; try again shortly.'),
  507: () => say('磁盘已满：可以查询，暂不能登记。', 'The disk is full: reading goes on, writing does not.'),
}

export class Problem extends Error {
  readonly status: number
  /** The code of a refusal (docs/COMMANDS.md), when the ledger refused a command. */
  readonly refused: string | undefined
  /** Seconds after which the server asks to be tried again. */
  readonly retryAfter: number | undefined

  constructor(status: number, body: ProblemBody = {}, retryAfter?: number) {
    const fallback =
      byStatus[status] ?? ((): string => say(`服务器出错（${status}）。`, `The server failed (${status}).`))
    const said = body.zh && body.en ? say(body.zh, body.en) : undefined
    super(said ?? body.text ?? body.detail ?? fallback())
    this.name = 'Problem'
    this.status = status
    this.refused = body.refused
    this.retryAfter = retryAfter
  }

  /** Whether a write may have been recorded all the same: repeat it with the same key. */
  get isUnknown(): boolean {
    return this.status === 0 || (this.status >= 500 && this.status !== 507)
  }
}
