declare module 'virtual:glossary' {
  const glossary: import('../../glossary').Glossary
  export default glossary
}

declare module 'virtual:commands' {
  const commands: import('../../commands').CommandManual[]
  export default commands
}
