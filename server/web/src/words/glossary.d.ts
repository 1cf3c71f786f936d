declare module 'virtual:glossary' {
  import type { Glossary } from '../../glossary'
  const glossary: Glossary
  export default glossary
}
