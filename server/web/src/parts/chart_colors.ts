// One colour, one meaning, in every chart; told apart by lightness too.
export const chartColors = {
  inTime: '#2f7d4f',
  late: '#c2410c',
  open: '#8aa4c8',
  accent: '#1d4f91',
  red: '#c62828',
  yellow: '#e0a100',
  green: '#2f7d4f',
  grey: '#9aa5b1',
  levels: ['#1b6e3c', '#5fae7b', '#c9c46a', '#e08a3c', '#c62828'],
} as const
