import { describe, expect, it } from 'vitest'
import { fromHex, toHex } from '../../src/proof/bytes'
import { readHeader, timeText } from '../../src/proof/header'

// The example of docs/FORMAT.md, which tests/engine/record_test.cpp holds too.
const example = `01030b0a02000000443322110000000008070605040302010100000000000000030000000300000
0ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad016b026e6f0000000169`.replace(/\s/g, '')

describe('a record header', () => {
  it('is read as the format says', () => {
    const header = readHeader(fromHex(example))
    expect(header).toMatchObject({
      flags: 3,
      type: 0x0a0b,
      schema: 2,
      seq: 0x11223344,
      version: 3,
      payloadLength: 3,
    })
    expect(header).toMatchObject({
      recordedAt: 0x0102030405060708n,
      occurredAt: 1n,
      stream: 'k/no',
      actor: '',
      id: 'i',
    })
    expect(header.payloadSha256).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('is refused wherever it is cut, and with a byte too many', () => {
    const bytes = fromHex(example)
    for (let length = 0; length < bytes.length; ++length)
      expect(() => readHeader(fromHex(toHex(bytes.slice(0, length))))).toThrow(SyntaxError)
    expect(() => readHeader(fromHex(`${example}00`))).toThrow(SyntaxError)
    expect(() => readHeader(fromHex(`02${example.slice(2)}`))).toThrow(SyntaxError)
  })

  it('tells its times in Shanghai, to the microsecond', () => {
    expect(timeText(1631952381000001n)).toBe('2021-09-18 16:06:21.000001')
  })
})
