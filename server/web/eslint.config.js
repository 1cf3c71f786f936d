import tseslint from 'typescript-eslint'
import vue from 'eslint-plugin-vue'

// The house's measures (tests/tidy_test.cpp), for TypeScript and Vue: small files, small functions.
// Prettier keeps the lines.
export default tseslint.config(
  { ignores: ['node_modules', 'public'] },
  ...tseslint.configs.strict,
  ...vue.configs['flat/essential'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    rules: {
      'max-lines': ['error', 350],
      'max-lines-per-function': ['error', 70],
      'no-warning-comments': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/no-v-html': 'error',
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
    },
  },
  { files: ['tests/**'], rules: { 'max-lines-per-function': 'off' } },
)
