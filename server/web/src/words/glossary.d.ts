declare module 'virtual:glossary' {
  const glossary: import('../../glossary').Glossary
  export default glossary
}

declare module 'virtual:manual' {
  const manual: import('../../manual').CommandPage[]
  export default manual
}
