// The figures of 好差评 in the order of every table: the five levels, the rates, and what was contested.
export const levels = ['5', '4', '3', '2', '1'] as const
export const rates = [
  'active',
  'good',
  'satisfied',
  'bad',
  'called_back',
  'verified_in_time',
  'rectified',
  'rectified_in_time',
] as const
export const counts = ['contested', 'upheld', 'invalidated'] as const
